package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ledger extracts made to grow when they are read, as large as they may be: a verifier with one
 * gigabyte refuses each, and soon.
 */
final class BundleBombTest {
  private static final int MOST = StrictJson.MAX_LARGE_BYTES;

  private final Path folder;

  BundleBombTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of("nesting", "[", "[", ""),
        Arguments.of("empty objects", "[", "{},", "{}]"),
        Arguments.of("objects of one member", "[", "{\"k\":0.1},", "0]"),
        Arguments.of("short texts", "[", "\"abcdefgh\",", "0]"),
        Arguments.of("numbers", "[", "1e300,", "0]"),
        Arguments.of("a long text", "[\"", "x", "\"]"),
        Arguments.of("escapes", "[\"", "\\u0000", "\"]"),
        Arguments.of("blanks", "[", " ", "]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void verify_bombOfJson_isRefusedWithinAGigabyte(
      String name, String start, String unit, String end) throws Exception {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());
    Path bundle =
        TestBundles.write(
            folder.resolve("bundle"),
            TestBundles.extract(folder.resolve("ledger.db"), "images"),
            key);
    write(bundle.resolve(BundleFiles.LEDGER), start, unit, end);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Outsider.class.getName(),
                bundle.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), name);
    assertEquals(0, process.exitValue(), printed);
    assertTrue(printed.contains("ledger FAIL"), printed);
    assertTrue(printed.length() < 10_000, "printed: " + printed.length());
  }

  /** Verifies a bundle and prints how each check came out. */
  public static final class Outsider {
    private Outsider() {}

    /**
     * Ends with code 0 if the verifier gave a report.
     *
     * @param arguments the bundle
     */
    public static void main(String[] arguments) {
      VerificationReport report =
          BundleVerifier.trusting(TrustedKeys.none()).verify(Path.of(arguments[0]));
      for (Check check : report.checks()) {
        System.out.println(check.name() + " " + check.outcome() + " " + check.detail());
      }
    }
  }

  private static void write(Path file, String start, String unit, String end) throws IOException {
    byte[] block = unit.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(start.getBytes(StandardCharsets.US_ASCII));
      long left = (long) MOST - start.length() - end.length();
      for (; left >= block.length; left -= block.length) {
        out.write(block);
      }
      out.write(end.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
