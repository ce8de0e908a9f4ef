package dev.cdcpipeline.platform.secret;

/**
 * A credential: it is what it is only where it is {@linkplain #reveal() revealed}, and {@code ***}
 * wherever it is printed.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Wraps a credential. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The credential itself, for the one call that authenticates with it. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return Redaction.MASK;
    }
}
