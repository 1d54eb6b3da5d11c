package io.rona.privacy.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Arrays;

/**
 * Signing keys kept by the Java Cryptography Architecture: PKCS#12 files and PKCS#11 tokens.
 *
 * <p>Both name a key by its alias and take its public half from the certificate stored with it. The
 * certificate itself vouches for nothing here.
 */
public final class KeyStores {
  private KeyStores() {}

  /**
   * Opens a key of a PKCS#12 file (RFC 7292).
   *
   * @param file the file
   * @param alias the key's alias
   * @param passphrase the file's passphrase; overwritten after use
   * @return the key
   * @throws KeyException if the file, the alias or the passphrase is wrong, or the key is of no
   *     supported algorithm
   */
  public static SigningKey pkcs12(Path file, String alias, PassphraseSource passphrase) {
    char[] chars = passphrase.get();
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12", Providers.bouncyCastle());
      store.load(in, chars);
      return signingKey(new Entry(store, alias, file.toString()), chars);
    } catch (IOException | GeneralSecurityException e) {
      throw new KeyException("cannot open " + file + ": not PKCS#12, or a wrong passphrase", e);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  /**
   * Opens a key of a PKCS#11 token. The private key stays in the token.
   *
   * @param configuration a configuration file of the platform's PKCS#11 provider, with at least
   *     {@code name} and {@code library}
   * @param alias the key's alias
   * @param pin the token's user PIN; overwritten after use
   * @return the key
   * @throws KeyException if the token cannot be opened, holds no such key, or cannot sign with it
   */
  public static SigningKey pkcs11(Path configuration, String alias, PassphraseSource pin) {
    Provider base = Security.getProvider("SunPKCS11");
    if (base == null) {
      throw new KeyException("this Java platform has no PKCS#11 provider (SunPKCS11)");
    }
    char[] chars = pin.get();
    try {
      Provider token = base.configure(configuration.toString());
      KeyStore store = KeyStore.getInstance("PKCS11", token);
      store.load(null, chars);
      return signingKey(new Entry(store, alias, configuration.toString()), chars);
    } catch (IOException | GeneralSecurityException | InvalidParameterException e) {
      throw new KeyException("cannot open the token of " + configuration, e);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  private static SigningKey signingKey(Entry entry, char[] chars)
      throws GeneralSecurityException, IOException {
    Certificate certificate = entry.store().getCertificate(entry.alias());
    if (certificate == null
        || !(entry.store().getKey(entry.alias(), chars) instanceof PrivateKey privateKey)) {
      throw new KeyException(entry.origin() + " holds no private key of alias " + entry.alias());
    }
    try {
      VerificationKey publicKey = VerificationKey.ofDer(certificate.getPublicKey().getEncoded());
      return SigningKey.of(privateKey, publicKey, entry.store().getProvider());
    } catch (VerificationException e) {
      throw new KeyException(
          entry.origin() + ", alias " + entry.alias() + ": " + e.getMessage(), e);
    }
  }

  private record Entry(KeyStore store, String alias, String origin) {}
}
