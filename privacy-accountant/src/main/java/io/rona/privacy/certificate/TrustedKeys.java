package io.rona.privacy.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The public keys a verifier has reason to trust, obtained outside the bundle they are used on.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class TrustedKeys {
  private static final String SUFFIX = ".pub.pem";
  private static final int MAX_KEYS = 10_000;

  private final Map<String, VerificationKey> byId;

  private TrustedKeys(Map<String, VerificationKey> byId) {
    this.byId = Map.copyOf(byId);
  }

  /**
   * Trusts nobody: signatures are still checked, but nothing vouches for who made them.
   *
   * @return no keys
   */
  public static TrustedKeys none() {
    return new TrustedKeys(Map.of());
  }

  /**
   * Trusts the given keys.
   *
   * @param keys the keys
   * @return those keys
   */
  public static TrustedKeys of(List<VerificationKey> keys) {
    Map<String, VerificationKey> byId = new HashMap<>();
    keys.forEach(key -> byId.put(key.keyId(), key));
    return new TrustedKeys(byId);
  }

  /**
   * Trusts every key of a directory: each file named {@code *.pub.pem}.
   *
   * @param directory the directory, not searched further down
   * @return its keys
   * @throws KeyException if it cannot be read, holds no key, or one of its keys is malformed
   */
  public static TrustedKeys ofDirectory(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<VerificationKey> keys =
          files
              .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
              .limit(MAX_KEYS)
              .map(KeyHome::showFile)
              .toList();
      if (keys.isEmpty()) {
        throw new KeyException(directory + " must hold at least one public key named *" + SUFFIX);
      }
      return of(keys);
    } catch (IOException e) {
      throw new KeyException("cannot read " + directory, e);
    }
  }

  /**
   * Tells whether no key is trusted.
   *
   * @return whether there is none
   */
  public boolean isEmpty() {
    return byId.isEmpty();
  }

  /**
   * Finds a key.
   *
   * @param keyId the SHA-256 of its SubjectPublicKeyInfo
   * @return the key, if it is trusted
   */
  public Optional<VerificationKey> find(String keyId) {
    return Optional.ofNullable(byId.get(keyId));
  }
}
