package dev.cdcpipeline.platform.tls;

import dev.cdcpipeline.platform.config.ConfigurationException;
import dev.cdcpipeline.platform.config.Problem;
import dev.cdcpipeline.platform.config.TlsSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes the TLS context of a client out of its settings. */
public final class TlsContext {
    private final String group;
    private final TlsSettings settings;
    private final List<Problem> problems = new ArrayList<>();

    private TlsContext(String group, TlsSettings settings) {
        this.group = group;
        this.settings = settings;
    }

    /** Whether anything is set. */
    public static boolean isConfigured(TlsSettings settings) {
        return settings.ca().isPresent()
                || settings.certificate().isPresent()
                || settings.key().isPresent();
    }

    /**
     * The context; that of the Java runtime if nothing is set.
     *
     * @param group the full name of the group of options, {@code watcher.mongodb.tls}
     * @throws ConfigurationException if a file cannot be used; it names every problem
     */
    public static SSLContext of(String group, TlsSettings settings) {
        var making = new TlsContext(group, settings);
        Optional<SSLContext> made = making.make();
        if (!making.problems.isEmpty()) {
            throw new ConfigurationException(making.problems);
        }
        return made.orElseThrow();
    }

    private Optional<SSLContext> make() {
        try {
            if (!isConfigured(settings)) {
                return Optional.of(SSLContext.getDefault());
            }
            // null stands for the runtime's own
            TrustManager[] trust = settings.ca().isPresent() ? trust(settings.ca().get()) : null;
            KeyManager[] keys = keys();
            var context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            problem("ca", null, "TLS cannot be set up: " + e.getMessage());
            return Optional.empty();
        }
    }

    private TrustManager[] trust(Path file) throws GeneralSecurityException, IOException {
        var store = emptyStore();
        try {
            int count = 0;
            for (Certificate authority : Pem.certificates(file)) {
                store.setCertificateEntry("ca" + count++, authority);
            }
        } catch (IOException | GeneralSecurityException e) {
            problem("ca", file, e.getMessage());
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        var store = emptyStore();
        if (settings.certificate().isPresent() != settings.key().isPresent()) {
            problem(
                    settings.key().isPresent() ? "certificate" : "key",
                    null,
                    "certificate and key go together; set both or neither");
        } else if (settings.certificate().isPresent()) {
            addKey(store, settings.certificate().get(), settings.key().orElseThrow());
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    private void addKey(KeyStore store, Path certificate, Path key)
            throws GeneralSecurityException {
        Certificate[] chain = new Certificate[0];
        try {
            chain = Pem.certificates(certificate).toArray(Certificate[]::new);
        } catch (IOException | GeneralSecurityException e) {
            problem("certificate", certificate, e.getMessage());
        }
        try {
            var privateKey = Pem.privateKey(key, settings.keyPassword());
            if (chain.length > 0) {
                store.setKeyEntry("client", privateKey, new char[0], chain);
            }
        } catch (IOException | GeneralSecurityException e) {
            problem("key", key, e.getMessage());
        }
    }

    private void problem(String option, @Nullable Path file, @Nullable String message) {
        problems.add(
                new Problem(
                        group + "." + option,
                        file == null ? null : file.toString(),
                        String.valueOf(message)));
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
