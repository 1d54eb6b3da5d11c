package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys are read in a process that has made none: what a verifier does, and what no other test in
 * this process can show, since the first key made sets the provider up for all.
 */
final class FreshProcessTest {

  private final Path folder;

  FreshProcessTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Reads the public key named first and, where a second file is named, a private key. */
  public static final class Reader {
    private Reader() {}

    /**
     * Prints the id of the key that was read.
     *
     * @param files public key, or public and private key
     */
    public static void main(String[] files) {
      VerificationKey key =
          files.length == 1
              ? KeyHome.showFile(Path.of(files[0]))
              : KeyHome.openFile(Path.of(files[1]), PassphraseSource.none()).verificationKey();
      System.out.print(key.keyId());
    }
  }

  private static String read(String... files) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String[] command = new String[4 + files.length];
    command[0] = java;
    command[1] = "-cp";
    command[2] =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command[3] = Reader.class.getName();
    System.arraycopy(files, 0, command, 4, files.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void showFile_freshProcess_readsThePublicKey() throws Exception {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
    Path file = folder.resolve("key.pub.pem");
    Files.writeString(file, key.verificationKey().pem());
    assertEquals(key.verificationKey().keyId(), read(file.toString()));
  }

  @Test
  void openFile_freshProcess_readsThePrivateKey() throws Exception {
    SigningKey key =
        KeyHome.of(folder).firstRunKey(PassphraseSource.none(), new SecureRandom(), note -> {});
    Path directory = KeyHome.of(folder).directory();
    assertEquals(
        key.verificationKey().keyId(),
        read(
            directory.resolve("default.pub.pem").toString(),
            directory.resolve("default.key.pem").toString()));
  }
}
