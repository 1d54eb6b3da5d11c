package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyPemTest {
  private static final PassphraseSource PASSPHRASE = "correct horse"::toCharArray;
  private static final String OPENSSL_PBKDF2 =
      """
      -----BEGIN ENCRYPTED PRIVATE KEY-----
      MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhD6Uur6qBK3AICJxAw
      DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGuw2cCIgtbDxRkMW+e1nSIEQOuN
      Ybd+uLVdFCSye1OyRNR9dz6yz/hBR+FK9MwnNf53dj9+kCDgc4QXgOHiGCnBnNwW
      PJWxilwPYOt9jZv7xj4=
      -----END ENCRYPTED PRIVATE KEY-----
      """;
  private static final String OPENSSL_PUBLIC =
      """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEA7g8UOu1pcq1G3Mj2fm6g2I4HK7mFAF6Os+GazFzQ6TM=
      -----END PUBLIC KEY-----
      """;

  @Test
  void write_underAPassphrase_isAes256AndScryptAtTheStatedCost() throws IOException {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
    String pem = PrivateKeyPem.write(key, PASSPHRASE.get(), new SecureRandom());
    PBES2Parameters scheme =
        PBES2Parameters.getInstance(
            EncryptedPrivateKeyInfo.getInstance(PemBlock.parse(pem, "key").content())
                .getEncryptionAlgorithm()
                .getParameters());
    ScryptParams scrypt = ScryptParams.getInstance(scheme.getKeyDerivationFunc().getParameters());

    assertEquals(NISTObjectIdentifiers.id_aes256_CBC, scheme.getEncryptionScheme().getAlgorithm());
    assertEquals(1 << 14, scrypt.getCostParameter().intValueExact());
    assertEquals(8, scrypt.getBlockSize().intValueExact());
    assertEquals(5, scrypt.getParallelizationParameter().intValueExact());
    assertEquals(16, scrypt.getSalt().length);
  }

  /** Written by OpenSSL 3.0: genpkey -algorithm ed25519, then pkcs8 -topk8 with PBKDF2. */
  @Test
  void read_keyThatOpenSslEncrypted_opens() {
    SigningKey key = PrivateKeyPem.read(OPENSSL_PBKDF2, PASSPHRASE);

    assertEquals(VerificationKey.ofPem(OPENSSL_PUBLIC), key.verificationKey());
  }

  @ParameterizedTest
  @CsvSource({"1073741824, 8, 1", "16384, 1048576, 1", "16384, 8, 1048576", "0, 8, 1"})
  void read_scryptBeyondTheBound_isRefusedBeforeThePassphraseIsAsked(int n, int r, int p)
      throws IOException {
    String pem =
        forged(
            new KeyDerivationFunc(
                MiscObjectIdentifiers.id_scrypt, new ScryptParams(new byte[16], n, r, p)));

    assertThrows(VerificationException.class, () -> PrivateKeyPem.read(pem, NEVER));
  }

  @Test
  void read_pbkdf2BeyondTheBound_isRefusedBeforeThePassphraseIsAsked() throws IOException {
    String pem =
        forged(
            new KeyDerivationFunc(
                PKCSObjectIdentifiers.id_PBKDF2, new PBKDF2Params(new byte[16], 2_000_000_000)));

    assertThrows(VerificationException.class, () -> PrivateKeyPem.read(pem, NEVER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
      })
  void read_textThatIsNoKey_throwsVerificationException(String pem) {
    assertThrows(VerificationException.class, () -> PrivateKeyPem.read(pem, NEVER));
  }

  private static final PassphraseSource NEVER =
      () -> {
        throw new AssertionError("no passphrase is needed to refuse this key");
      };

  private static String forged(KeyDerivationFunc function) throws IOException {
    PBES2Parameters parameters =
        new PBES2Parameters(
            function,
            new EncryptionScheme(
                NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16])));
    byte[] der =
        new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), new byte[64])
            .getEncoded();
    return new PemBlock(PemBlock.ENCRYPTED_PRIVATE_KEY, der).format();
  }
}
