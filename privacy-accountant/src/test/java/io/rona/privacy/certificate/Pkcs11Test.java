package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rona.privacy.ledger.LedgerExtract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle signed by a key that never leaves its token: SoftHSM, whose module stands where
 * distributions put it.
 *
 * <p>In a process of its own, since the token finds its configuration in the environment.
 */
class Pkcs11Test {
  private static final String PIN = "canary-4711";
  private static final String ALIAS = "curator";

  private final Path folder;

  Pkcs11Test(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void pkcs11_keyOfAToken_signsABundleThatVerifies() throws Exception {
    makeToken();
    assertEquals(0, sign(PIN), this::printed);

    VerificationReport report =
        BundleVerifier.trusting(
                TrustedKeys.of(
                    List.of(KeyHome.showFile(folder.resolve("bundle/certificate.pub.pem")))))
            .verify(folder.resolve("bundle"));
    assertTrue(report.passed(), () -> report.failures().toString());
    for (Path file : files(folder.resolve("bundle"))) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertFalse(content.contains(PIN), file::toString);
    }
  }

  @Test
  void pkcs11_wrongPinOrAlias_throwsKeyExceptionWithoutThePin() throws Exception {
    makeToken();
    assertEquals(3, sign("canary-wrong"), this::printed);
    assertFalse(printed().contains("canary"), this::printed);
    assertThrows(
        KeyException.class,
        () -> KeyStores.pkcs11(folder.resolve("absent.cfg"), ALIAS, () -> PIN.toCharArray()));
  }

  /** Arguments: configuration, ledger file, bundle; the PIN stands in the environment. */
  public static final class Signer {
    private Signer() {}

    /**
     * Signs a bundle.
     *
     * @param arguments configuration, ledger file, bundle
     */
    public static void main(String[] arguments) throws IOException {
      try {
        SigningKey key =
            KeyStores.pkcs11(
                Path.of(arguments[0]), ALIAS, () -> System.getenv("TEST_PIN").toCharArray());
        LedgerExtract extract = TestBundles.extract(Path.of(arguments[1]), "images");
        TestBundles.write(Path.of(arguments[2]), extract, key);
      } catch (KeyException e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
          System.out.println(t);
        }
        System.exit(3);
      }
    }
  }

  private int sign(String pin) throws Exception {
    return run(
        Map.of("TEST_PIN", pin),
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        Signer.class.getName(),
        folder.resolve("token.cfg").toString(),
        folder.resolve("ledger.db").toString(),
        folder.resolve("bundle").toString());
  }

  /** A token with an EC key and a certificate for it, as an administrator makes them. */
  private void makeToken() throws Exception {
    Optional<Path> module =
        Stream.of(
                "/usr/lib/softhsm/libsofthsm2.so",
                "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                "/usr/lib64/libsofthsm2.so",
                "/opt/homebrew/lib/softhsm/libsofthsm2.so")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst();
    assumeTrue(module.isPresent(), "SoftHSM is needed (package softhsm2), but is not installed");
    Files.createDirectories(folder.resolve("tokens"));
    Files.writeString(
        folder.resolve("softhsm2.conf"),
        "directories.tokendir = " + folder.resolve("tokens") + "\n");
    Files.writeString(
        folder.resolve("token.cfg"),
        "name = SoftHSM\nlibrary = " + module.get() + "\nslotListIndex = 0\n");
    assertEquals(
        0,
        run(
            Map.of(),
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "rona",
            "--so-pin",
            "0000",
            "--pin",
            PIN),
        this::printed);
    assertEquals(
        0,
        run(
            Map.of(),
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=test",
            "-storetype",
            "PKCS11",
            "-keystore",
            "NONE",
            "-storepass",
            PIN,
            "-addprovider",
            "SunPKCS11",
            "-providerarg",
            folder.resolve("token.cfg").toString()),
        this::printed);
  }

  private int run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
    builder.environment().putAll(environment);
    return builder.redirectOutput(folder.resolve("output.txt").toFile()).start().waitFor();
  }

  private String printed() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    return files;
  }
}
