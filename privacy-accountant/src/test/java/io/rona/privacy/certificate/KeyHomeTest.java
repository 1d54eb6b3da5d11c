package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHomeTest {
  private static final PassphraseSource PASSPHRASE = "correct horse"::toCharArray;
  private static final PassphraseSource OTHER = "battery staple"::toCharArray;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path home;

  KeyHomeTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void generate_newKey_isEncryptedAndItsOwnersAlone() throws IOException {
    KeyHome keys = KeyHome.of(home);
    VerificationKey key = keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);
    Path file = keys.directory().resolve("release.key.pem");

    assertEquals("rw-------", modes(file));
    assertEquals("rwx------", modes(keys.directory()));
    assertTrue(Files.readString(file).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assertEquals(key, keys.show("release"));
    assertEquals(key, keys.open("release", PASSPHRASE).verificationKey());
    assertEquals(List.of("release"), keys.names());
    assertEquals(2, fileCount(keys.directory()));
  }

  @Test
  void open_wrongPassphraseOrNone_throwsKeyException() {
    KeyHome keys = KeyHome.of(home);
    keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);

    assertThrows(KeyException.class, () -> keys.open("release", OTHER));
    assertThrows(KeyException.class, () -> keys.open("release", PassphraseSource.none()));
    assertThrows(KeyException.class, () -> keys.open("absent", PASSPHRASE));
  }

  @Test
  void generate_nameTaken_leavesTheOldKey() {
    KeyHome keys = KeyHome.of(home);
    VerificationKey key = keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);

    assertThrows(
        KeyException.class,
        () -> keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM));
    assertEquals(key, keys.open("release", PASSPHRASE).verificationKey());
  }

  @Test
  void generate_shortPassphrase_writesNothing() throws IOException {
    KeyHome keys = KeyHome.of(home);

    assertThrows(
        KeyException.class,
        () -> keys.generate("release", SigningAlgorithm.ED25519, "short"::toCharArray, RANDOM));
    assertFalse(Files.exists(keys.directory()));
  }

  @Test
  void generate_passphrase_isOverwrittenAfterUse() {
    char[] chars = "correct horse".toCharArray();
    KeyHome.of(home).generate("release", SigningAlgorithm.ED25519, () -> chars, RANDOM);

    assertTrue(new String(chars).chars().allMatch(c -> c == 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../key", "a/b", ".hidden", "UPPER", "a b", "x.retired-../../y"})
  void generate_nameThatIsNoName_throwsKeyException(String name) {
    assertThrows(
        KeyException.class,
        () -> KeyHome.of(home).generate(name, SigningAlgorithm.ED25519, PASSPHRASE, RANDOM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----"})
  void open_fileOthersCanReach_throwsKeyException(String modes) throws IOException {
    KeyHome keys = KeyHome.of(home);
    keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);
    Files.setPosixFilePermissions(
        keys.directory().resolve("release.key.pem"), PosixFilePermissions.fromString(modes));

    assertThrows(KeyException.class, () -> keys.open("release", PASSPHRASE));
  }

  @Test
  void open_publicFileOfAnotherKey_throwsKeyException() throws IOException {
    KeyHome keys = KeyHome.of(home);
    keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);
    SigningKey other = SigningKey.generate(SigningAlgorithm.ED25519, RANDOM);
    Files.writeString(keys.directory().resolve("release.pub.pem"), other.verificationKey().pem());

    assertThrows(KeyException.class, () -> keys.open("release", PASSPHRASE));
  }

  @Test
  void rotate_key_putsANewOneInItsPlaceAndKeepsTheOld() {
    KeyHome keys = KeyHome.of(home);
    VerificationKey old = keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);
    VerificationKey next = keys.rotate("release", SigningAlgorithm.ML_DSA_65, OTHER, RANDOM);
    String retired = "release.retired-" + old.keyId().substring(0, 16);

    assertNotEquals(old, next);
    assertEquals(next, keys.open("release", OTHER).verificationKey());
    assertEquals(List.of("release", retired), keys.names().stream().sorted().toList());
    assertEquals(old, keys.show(retired));
    assertEquals(old, keys.open(retired, PASSPHRASE).verificationKey());
    assertEquals(old, TrustedKeys.ofDirectory(keys.directory()).find(old.keyId()).orElseThrow());
  }

  @Test
  void firstRunKey_noKeyYet_makesOneInTheClearWithAWarning() throws IOException {
    KeyHome keys = KeyHome.of(home);
    List<String> warnings = new ArrayList<>();
    SigningKey first = keys.firstRunKey(PassphraseSource.none(), RANDOM, warnings::add);
    SigningKey again = keys.firstRunKey(PassphraseSource.none(), RANDOM, warnings::add);
    Path file = keys.directory().resolve("default.key.pem");

    assertEquals(first.verificationKey(), again.verificationKey());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("without a passphrase"));
    assertEquals("rw-------", modes(file));
  }

  @Test
  void firstRunKey_keyUnderAPassphrase_isOpenedAndNotReplaced() {
    KeyHome keys = KeyHome.of(home);
    List<String> warnings = new ArrayList<>();
    VerificationKey key =
        keys.generate(KeyHome.DEFAULT_NAME, SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);

    assertEquals(key, keys.firstRunKey(PASSPHRASE, RANDOM, warnings::add).verificationKey());
    assertThrows(
        KeyException.class, () -> keys.firstRunKey(PassphraseSource.none(), RANDOM, warnings::add));
    assertTrue(warnings.isEmpty());
  }

  @Test
  void trustedKeys_directoryWithoutKeys_throwsKeyException() {
    assertThrows(KeyException.class, () -> TrustedKeys.ofDirectory(home));
    assertThrows(KeyException.class, () -> TrustedKeys.ofDirectory(home.resolve("absent")));
  }

  /** Only the alias's key comes out, and the public half is that of the certificate beside it. */
  @Test
  void pkcs12_keyOfAFile_signs() throws Exception {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, RANDOM);
    Path file = home.resolve("keys.p12");
    TestKeyStores.writePkcs12(file, "signer", key, "correct horse".toCharArray());

    SigningKey opened = KeyStores.pkcs12(file, "signer", PASSPHRASE);

    assertEquals(key.verificationKey(), opened.verificationKey());
    assertThrows(KeyException.class, () -> KeyStores.pkcs12(file, "absent", PASSPHRASE));
    assertThrows(KeyException.class, () -> KeyStores.pkcs12(file, "signer", OTHER));
    assertThrows(
        KeyException.class, () -> KeyStores.pkcs12(home.resolve("no"), "signer", PASSPHRASE));
  }

  @Test
  void pkcs11_configurationThatIsNone_throwsKeyException() throws IOException {
    Path configuration = Files.writeString(home.resolve("token.cfg"), "name = none\n");

    assertThrows(KeyException.class, () -> KeyStores.pkcs11(configuration, "signer", PASSPHRASE));
  }

  /** No exception of a key operation shows the passphrase or the private key. */
  @Test
  void exceptions_ofKeys_showNoSecret() {
    KeyHome keys = KeyHome.of(home);
    keys.generate("release", SigningAlgorithm.ED25519, PASSPHRASE, RANDOM);
    KeyException wrong = assertThrows(KeyException.class, () -> keys.open("release", OTHER));

    for (Throwable cause : causes(wrong)) {
      assertFalse(String.valueOf(cause.getMessage()).contains("battery"));
    }
  }

  private static List<Throwable> causes(Throwable thrown) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private static String modes(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static long fileCount(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.count();
    }
  }
}
