package dev.cdcpipeline.platform.secret;

import java.util.regex.Pattern;

/** Removes credentials from text that people or log collectors will see. */
public final class Redaction {
    /** What stands in place of a credential. */
    public static final String MASK = "***";

    private static final Pattern SECRET_KEY =
            Pattern.compile(
                    "(?i).*(password|passwd|secret|token|credential|private.?key|access.?key"
                            + "|jaas|api.?key|keystore\\.key).*");

    /** {@code scheme://user:password@} or {@code scheme://token@}; a password may contain an @. */
    private static final Pattern USER_INFO =
            Pattern.compile("(?i)\\b([a-z][a-z0-9+.-]*://)([^\\s/:@\"']*)(:[^\\s/\"']*)?@");

    /** {@code password=...}, {@code "password": "..."}, {@code password="..."}. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile(
                    "(?i)\\b(password|passwd|pwd|sslpassword|secret|authMechanismProperties"
                            + "|access_?token)(\"?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s&,;\"']+)");

    private Redaction() {}

    /** Does a key of this name hold a credential? */
    public static boolean isSecretKey(String key) {
        return SECRET_KEY.matcher(key).matches();
    }

    /** The text with the credentials in URIs and in {@code password=} assignments masked. */
    public static String redact(String text) {
        var result = text;
        if (result.indexOf("://") >= 0 && result.indexOf('@') >= 0) {
            result =
                    USER_INFO
                            .matcher(result)
                            .replaceAll(
                                    uri ->
                                            uri.group(3) == null
                                                    ? "$1" + MASK + "@"
                                                    : "$1$2:" + MASK + "@");
        }
        if (result.indexOf('=') >= 0 || result.indexOf(':') >= 0) {
            result = ASSIGNMENT.matcher(result).replaceAll("$1$2" + MASK);
        }
        return result;
    }
}
