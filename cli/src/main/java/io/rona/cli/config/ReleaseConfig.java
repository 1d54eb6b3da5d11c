package io.rona.cli.config;

import java.util.Optional;

/**
 * The bundle that is released.
 *
 * @param key path of the key that signs the certificate; the key of the rona home if left out
 */
public record ReleaseConfig(Optional<String> key) {
  /**
   * Checks the path.
   *
   * @param key path of the key that signs the certificate
   * @throws IllegalArgumentException if it is blank or holds control characters
   */
  public ReleaseConfig {
    key.ifPresent(path -> Checks.path("key", path));
  }
}
