package dev.cdcpipeline.platform.secret;

import java.util.regex.Pattern;

/**
 * Removes credentials, and what servers quote of documents, from text that people or log collectors
 * will see.
 */
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

    /**
     * A resume token: it has the {@code _id}, and the shard key, of the event in clear hexadecimal.
     * What stays is the cluster time that it begins with.
     */
    private static final Pattern RESUME_TOKEN =
            Pattern.compile("(?i)(?<![0-9a-z])(82[0-9a-f]{16})[0-9a-f]{8,}");

    /** {@code "_data": "..."} of another make, of which nothing is known. */
    private static final Pattern FOREIGN_TOKEN =
            Pattern.compile(
                    "(_data[\"']?\\s*[=:]\\s*(?:BsonString\\{value=)?[\"']?)(?!82)[0-9A-Fa-f]+");

    /** With which MongoDB quotes a document that has become too large (10334, 17420). */
    private static final Pattern FIRST_ELEMENT =
            Pattern.compile("(First element: )(?:(?!' on server |\", \"|[\\r\\n]).)+");

    /** With which {@code $convert} and its like quote a value in the operator's own pipeline. */
    private static final Pattern FAILED_TO_PARSE =
            Pattern.compile("(Failed to parse [a-zA-Z]+ )'[^\\r\\n]*?'(?= in )");

    private Redaction() {}

    /** Does a key of this name hold a credential? */
    public static boolean isSecretKey(String key) {
        return SECRET_KEY.matcher(key).matches();
    }

    /**
     * The text with the credentials in URIs and in {@code password=} assignments masked, and with
     * them what MongoDB quotes of documents: resume tokens but for their time, elements, values.
     */
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
        return withoutDocuments(result);
    }

    private static String withoutDocuments(String text) {
        var result = RESUME_TOKEN.matcher(text).replaceAll("$1" + MASK);
        if (result.contains("_data")) {
            result = FOREIGN_TOKEN.matcher(result).replaceAll("$1" + MASK);
        }
        if (result.contains("First element: ")) {
            result = FIRST_ELEMENT.matcher(result).replaceAll("$1" + MASK);
        }
        if (result.contains("Failed to parse ")) {
            result = FAILED_TO_PARSE.matcher(result).replaceAll("$1" + MASK);
        }
        return result;
    }
}
