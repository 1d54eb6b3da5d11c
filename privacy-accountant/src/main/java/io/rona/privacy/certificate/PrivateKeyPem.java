package io.rona.privacy.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.util.ScryptConfig;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

/**
 * Private keys as PEM text, in the clear or under a passphrase.
 *
 * <p>Written: PBES2 (RFC 8018) with AES-256 in CBC mode and scrypt (RFC 7914) at N = 2^14, r = 8, p
 * = 5, that is 16 MiB and five passes per guess: the strongest of the equal settings OWASP's
 * Password Storage Cheat Sheet lists that OpenSSL reads without raising its memory limit. Read: the
 * same, and PBKDF2, at any cost up to a bound, so that a forged file cannot demand hours or
 * gigabytes.
 */
final class PrivateKeyPem {
  static final int MIN_PASSPHRASE_CHARS = 8;

  private static final int SCRYPT_N = 1 << 14;
  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 5;
  private static final int SALT_BYTES = 16;
  private static final long MAX_SCRYPT_BYTES = 256L << 20;
  private static final long MAX_SCRYPT_WORK = 1L << 31;
  private static final long MAX_PBKDF2_ITERATIONS = 10_000_000;

  private PrivateKeyPem() {}

  static String write(SigningKey key) {
    try {
      return new PemBlock(PemBlock.PRIVATE_KEY, PrivateKeys.pkcs8(key)).format();
    } catch (IOException e) {
      throw new KeyException("cannot encode " + key, e);
    }
  }

  static String write(SigningKey key, char[] passphrase, SecureRandom random) {
    if (!(passphrase.length >= MIN_PASSPHRASE_CHARS)) {
      throw new KeyException(
          "passphrase must have at least "
              + MIN_PASSPHRASE_CHARS
              + " characters, but has "
              + passphrase.length);
    }
    try {
      OutputEncryptor encryptor =
          new JcePKCSPBEOutputEncryptorBuilder(
                  new ScryptConfig.Builder(SCRYPT_N, SCRYPT_R, SCRYPT_P)
                      .withSaltLength(SALT_BYTES)
                      .build(),
                  NISTObjectIdentifiers.id_aes256_CBC)
              .setProvider(Providers.bouncyCastle())
              .setRandom(random)
              .build(passphrase);
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(PrivateKeys.pkcs8(key));
      byte[] encrypted =
          new PKCS8EncryptedPrivateKeyInfoBuilder(info).build(encryptor).getEncoded();
      return new PemBlock(PemBlock.ENCRYPTED_PRIVATE_KEY, encrypted).format();
    } catch (IOException | OperatorCreationException e) {
      throw new KeyException("cannot encrypt " + key, e);
    }
  }

  static boolean isEncrypted(String pem) {
    return PemBlock.parse(pem, "private key").label().equals(PemBlock.ENCRYPTED_PRIVATE_KEY);
  }

  static SigningKey read(String pem, PassphraseSource passphrase) {
    PemBlock block = PemBlock.parse(pem, "private key");
    try {
      return switch (block.label()) {
        case PemBlock.PRIVATE_KEY -> PrivateKeys.signingKey(block.content());
        case PemBlock.ENCRYPTED_PRIVATE_KEY -> decrypt(block.content(), passphrase);
        default ->
            throw new VerificationException(
                "private key must be PKCS#8 in PEM, but is labelled " + block.label());
      };
    } catch (IOException e) {
      throw new VerificationException("private key cannot be read: " + e.getMessage(), e);
    }
  }

  private static SigningKey decrypt(byte[] der, PassphraseSource passphrase) throws IOException {
    EncryptedPrivateKeyInfo info = encryptedInfo(der);
    checkCost(info);
    char[] chars = passphrase.get();
    try {
      return PrivateKeys.signingKey(
          new PKCS8EncryptedPrivateKeyInfo(info)
              .decryptPrivateKeyInfo(
                  new JcePKCSPBEInputDecryptorProviderBuilder()
                      .setProvider(Providers.bouncyCastle())
                      .build(chars)));
    } catch (PKCSException | IOException | RuntimeException e) {
      // One message for wrong padding, wrong length and a wrong key inside.
      throw new KeyException("private key cannot be opened: wrong passphrase or damaged file", e);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private static EncryptedPrivateKeyInfo encryptedInfo(byte[] der) throws IOException {
    try {
      return EncryptedPrivateKeyInfo.getInstance(der);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a PKCS#8 encrypted private key", e);
    }
  }

  private static void checkCost(EncryptedPrivateKeyInfo info) throws IOException {
    ASN1ObjectIdentifier scheme = info.getEncryptionAlgorithm().getAlgorithm();
    if (!scheme.equals(PKCSObjectIdentifiers.id_PBES2)) {
      throw new IOException("encryption must be PBES2, but is OID " + scheme.getId());
    }
    try {
      checkCost(
          PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters())
              .getKeyDerivationFunc());
    } catch (IllegalArgumentException e) {
      throw new IOException("encryption parameters are malformed", e);
    }
  }

  private static void checkCost(KeyDerivationFunc function) throws IOException {
    if (MiscObjectIdentifiers.id_scrypt.equals(function.getAlgorithm())) {
      ScryptParams scrypt = ScryptParams.getInstance(function.getParameters());
      BigInteger bytes = scrypt.getCostParameter().multiply(scrypt.getBlockSize()).shiftLeft(7);
      BigInteger work = bytes.multiply(scrypt.getParallelizationParameter());
      requireAtMost("scrypt memory in bytes", bytes, MAX_SCRYPT_BYTES);
      requireAtMost("scrypt work in bytes", work, MAX_SCRYPT_WORK);
    } else if (PKCSObjectIdentifiers.id_PBKDF2.equals(function.getAlgorithm())) {
      PBKDF2Params pbkdf2 = PBKDF2Params.getInstance(function.getParameters());
      requireAtMost("PBKDF2 iterations", pbkdf2.getIterationCount(), MAX_PBKDF2_ITERATIONS);
    } else {
      throw new IOException(
          "key derivation must be scrypt or PBKDF2, but is OID " + function.getAlgorithm().getId());
    }
  }

  private static void requireAtMost(String name, BigInteger value, long most) throws IOException {
    if (!(value.signum() > 0 && value.compareTo(BigInteger.valueOf(most)) <= 0)) {
      throw new IOException(name + " must lie between 1 and " + most);
    }
  }
}
