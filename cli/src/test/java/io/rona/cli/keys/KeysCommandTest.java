package io.rona.cli.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.certificate.KeyHome;
import io.rona.privacy.certificate.SigningAlgorithm;
import io.rona.privacy.certificate.SigningKey;
import io.rona.privacy.certificate.VerificationKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KeysCommandTest {
  private static final Map<String, String> WITH_PASSPHRASE =
      Map.of(Passphrases.VARIABLE, "correct horse");

  private final Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Deque<String> typed = new ArrayDeque<>();

  KeysCommandTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void generate_passphraseFromTheEnvironment_makesAnEncryptedKey() throws IOException {
    assertEquals(0, run(WITH_PASSPHRASE, "generate"));

    VerificationKey key = KeyHome.of(home).show("default");
    assertTrue(out.toString().contains(key.keyId()));
    assertTrue(
        Files.readString(home.resolve("keys/default.key.pem")).contains("ENCRYPTED PRIVATE KEY"));
    assertFalse((out.toString() + err).contains("correct horse"));
  }

  @Test
  void generate_passphraseFromAFile_takesItsFirstLine() throws IOException {
    Path file = Files.writeString(home.resolve("passphrase"), "battery staple\nignored\n");

    assertEquals(0, run(Map.of(), "generate", "--passphrase-file", file.toString()));

    SigningKey key = KeyHome.of(home).open("default", "battery staple"::toCharArray);
    assertTrue(out.toString().contains(key.verificationKey().keyId()));
  }

  @Test
  void generate_passphraseTyped_isAskedTwice() {
    typed.addAll(List.of("correct horse", "correct horse"));

    assertEquals(0, run(Map.of(), "generate", "--name", "release"));
    assertTrue(typed.isEmpty());
  }

  @Test
  void generate_passphrasesTypedDiffer_exits2AndMakesNothing() {
    typed.addAll(List.of("correct horse", "battery staple"));

    assertEquals(2, run(Map.of(), "generate"));
    assertEquals("the two passphrases differ", err.toString().strip());
    assertEquals(List.of(), KeyHome.of(home).names());
  }

  @Test
  void generate_nobodyToAsk_exits2WithOneLine() {
    assertEquals(2, run(Map.of(), "generate"));
    assertEquals(1, err.toString().lines().count());
    assertTrue(err.toString().contains(Passphrases.VARIABLE));
  }

  @Test
  void generate_nameTakenOrAlgorithmUnknown_exits2() {
    assertEquals(0, run(WITH_PASSPHRASE, "generate"));
    assertEquals(2, run(WITH_PASSPHRASE, "generate"));
    assertEquals(2, run(WITH_PASSPHRASE, "generate", "--name", "x", "--algorithm", "rsa"));
    assertEquals(2, run(WITH_PASSPHRASE, "generate", "--name", "../x"));
    assertEquals(3, err.toString().lines().count());
  }

  @Test
  void rotate_key_replacesItAndShowsTheOldOne() {
    run(WITH_PASSPHRASE, "generate");
    VerificationKey old = KeyHome.of(home).show("default");

    assertEquals(0, run(WITH_PASSPHRASE, "rotate", "--algorithm", "ml-dsa-65"));

    VerificationKey next = KeyHome.of(home).show("default");
    assertNotEquals(old, next);
    assertEquals(SigningAlgorithm.ML_DSA_65, next.algorithm());
    assertTrue(out.toString().contains("retired: " + old));
  }

  @Test
  void show_oneKey_printsItsPem() {
    run(WITH_PASSPHRASE, "generate");

    assertEquals(0, run(Map.of(), "show", "default"));
    assertTrue(out.toString().contains("-----BEGIN PUBLIC KEY-----"));
    assertFalse(out.toString().contains("PRIVATE"));
    assertEquals(0, run(Map.of(), "show"));
    assertEquals(2, run(Map.of(), "show", "absent"));
  }

  private Passphrases passphrases(Map<String, String> environment) {
    return Passphrases.of(
        environment, question -> typed.isEmpty() ? null : typed.removeFirst().toCharArray());
  }

  private int run(Map<String, String> environment, String... arguments) {
    return new CommandLine(new KeysCommand(home, passphrases(environment)))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
