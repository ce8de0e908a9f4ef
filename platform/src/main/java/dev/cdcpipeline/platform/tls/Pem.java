package dev.cdcpipeline.platform.tls;

import dev.cdcpipeline.platform.secret.Secret;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads certificates and private keys from PEM files (RFC 7468). */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (ENCRYPTED |)PRIVATE KEY-----([^-]+)-----END");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private Pem() {}

    /** The certificates of a file, at least one. The message of a failure is for the operator. */
    static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        byte[] text = read(file);
        Collection<? extends Certificate> found =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(text));
        if (found.isEmpty()) {
            throw new GeneralSecurityException("holds no certificate (BEGIN CERTIFICATE)");
        }
        return found;
    }

    /** The private key of a file. The message of a failure is for the operator. */
    static PrivateKey privateKey(Path file, Optional<Secret> password)
            throws IOException, GeneralSecurityException {
        Matcher key = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
        if (!key.find()) {
            throw new GeneralSecurityException(
                    "holds no PKCS#8 key (BEGIN PRIVATE KEY); convert it by: openssl pkcs8 -topk8 -in <key>");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
        return key.group(1).isEmpty()
                ? decode(new PKCS8EncodedKeySpec(encoded))
                : decode(
                        decrypt(
                                encoded,
                                password.orElseThrow(
                                        () ->
                                                new GeneralSecurityException(
                                                        "is encrypted: set key-password"))));
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("must be a readable PEM file", e);
        }
    }

    private static PKCS8EncodedKeySpec decrypt(byte[] encoded, Secret password)
            throws IOException, GeneralSecurityException {
        try {
            var sealed = new EncryptedPrivateKeyInfo(encoded);
            // The name of the algorithm alone would not say which of the PBES2 ones it is.
            String algorithm = String.valueOf(sealed.getAlgParameters());
            var secret =
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.reveal().toCharArray()));
            var cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, sealed.getAlgParameters());
            return sealed.getKeySpec(cipher);
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("cannot be decrypted: is key-password right?", e);
        }
    }

    private static PrivateKey decode(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // Another algorithm, then.
            }
        }
        throw new GeneralSecurityException("is of no known algorithm " + ALGORITHMS);
    }
}
