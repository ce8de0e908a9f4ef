package dev.cdcpipeline.postgresql;

import org.postgresql.ssl.PGjdbcHostnameVerifier;

import java.io.UncheckedIOException;

import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The PostgreSQL driver's own check of the host's name (with {@code sslmode=verify-full}), but for
 * how it says no. The driver reports a wrong name with the SQLSTATE of a broken connection, which
 * would be tried again for ever. The driver makes it by its name.
 */
public final class StrictHostnameVerifier implements HostnameVerifier {

    /** Made by the driver. */
    public StrictHostnameVerifier() {}

    @Override
    public boolean verify(String host, SSLSession session) {
        if (!PGjdbcHostnameVerifier.INSTANCE.verify(host, session)) {
            throw new UncheckedIOException(
                    new SSLPeerUnverifiedException(
                            "the certificate does not hold the name " + host));
        }
        return true;
    }
}
