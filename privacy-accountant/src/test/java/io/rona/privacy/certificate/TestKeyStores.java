package io.rona.privacy.certificate;

import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Key stores with certificates that sign themselves. */
final class TestKeyStores {
  private TestKeyStores() {}

  static void writePkcs12(Path file, String alias, SigningKey key, char[] passphrase)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12", Providers.bouncyCastle());
    store.load(null, null);
    store.setKeyEntry(alias, key.privateKey(), passphrase, new Certificate[] {selfSigned(key)});
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, passphrase);
    }
  }

  private static X509Certificate selfSigned(SigningKey key) throws Exception {
    Instant now = Instant.now();
    X500Name name = new X500Name("CN=test");
    return new JcaX509CertificateConverter()
        .setProvider(Providers.bouncyCastle())
        .getCertificate(
            new X509v3CertificateBuilder(
                    name,
                    BigInteger.ONE,
                    Date.from(now),
                    Date.from(now.plus(1, ChronoUnit.DAYS)),
                    name,
                    SubjectPublicKeyInfo.getInstance(key.verificationKey().der()))
                .build(
                    new JcaContentSignerBuilder(key.verificationKey().algorithm().jcaName())
                        .setProvider(Providers.bouncyCastle())
                        .build(key.privateKey())));
  }
}
