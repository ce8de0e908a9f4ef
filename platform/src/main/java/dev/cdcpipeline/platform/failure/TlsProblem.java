package dev.cdcpipeline.platform.failure;

import org.jspecify.annotations.Nullable;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

/** Why two sides do not come to a TLS connection (RFC 8446), by the types of the JDK. */
public enum TlsProblem {
    /** The other side's certificate is beyond its dates, or an authority's is. */
    EXPIRED,
    /** The other side's certificate is not signed by an authority that is trusted here. */
    UNTRUSTED,
    /** The other side's certificate is trusted, and is not for the host that was asked for. */
    WRONG_HOST,
    /** The other side ended the handshake by an alert; often it wants another certificate. */
    REFUSED;

    /**
     * What an exception with its causes says; empty if it is not about TLS, or about a connection
     * that only broke in the midst of a handshake.
     */
    public static Optional<TlsProblem> of(Throwable thrown) {
        TlsProblem found = null;
        for (Throwable each : Causes.of(thrown)) {
            TlsProblem problem = ofOne(each);
            if (problem != null && (found == null || problem.compareTo(found) < 0)) {
                found = problem;
            }
        }
        return Optional.ofNullable(found);
    }

    private static @Nullable TlsProblem ofOne(Throwable thrown) {
        return switch (thrown) {
            case CertificateExpiredException _, CertificateNotYetValidException _ -> EXPIRED;
            case CertPathValidatorException _, CertPathBuilderException _ -> UNTRUSTED;
            case CertificateException _, SSLPeerUnverifiedException _ -> WRONG_HOST;
            case SSLHandshakeException _, SSLProtocolException _ ->
                    thrown.getCause() == null ? REFUSED : null;
            default -> null;
        };
    }

    /**
     * What it means and what to do about it, as a template: {@code {system}} is the other side, and
     * {@code {trust}}, {@code {own}} and {@code {address}} are the options that mend it.
     */
    public Explanation explanation() {
        return switch (this) {
            case EXPIRED ->
                    new Explanation(
                            "The certificate of {system}, or that of its authority, has expired or is not valid yet (TLS says: {said})",
                            "renew it on the server, and compare the clocks of both machines");
            case UNTRUSTED ->
                    new Explanation(
                            "The certificate of {system} is not signed by an authority that is trusted here (TLS says: {said})",
                            "name the certificate of the authority in {trust}");
            case WRONG_HOST ->
                    new Explanation(
                            "The certificate of {system} is not for the host name that was connected to (TLS says: {said})",
                            "use a name that the certificate holds in {address}, or have the certificate issued for the name in use");
            case REFUSED ->
                    new Explanation(
                            "{system} refuses the TLS connection, most often because it asks for a client certificate that it trusts and that is valid (TLS says: {said})",
                            "see {own}");
        };
    }
}
