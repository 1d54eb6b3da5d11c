package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.noise.SecretNoise;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedVectors;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canaries: a passphrase, a private key, raw answers and their noise. Once a release is made and
 * the bundle signed, none of them is in a message, a text form, a file, or the live heap.
 */
class SecretsInMemoryTest {
  private static final int ROWS = 8;

  private final Path folder;

  SecretsInMemoryTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void secrets_afterTheirUse_areNeitherInFilesNorInTheLiveHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Curator.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    assertEquals(0, process.waitFor(), this::printed);
    Map<String, byte[]> canaries = canaries();
    assertTrue(canaries.size() > ROWS, canaries.keySet()::toString);
    Path dump = folder.resolve("heap.hprof");
    assertTrue(holds(dump, "control-that-is-kept".getBytes(StandardCharsets.US_ASCII)));
    for (Map.Entry<String, byte[]> canary : canaries.entrySet()) {
      assertFalse(holds(dump, canary.getValue()), () -> canary.getKey() + " is in the live heap");
      for (Path file : released()) {
        assertFalse(holds(file, canary.getValue()), () -> canary.getKey() + " is in " + file);
      }
    }
  }

  /** What a curator's process does; it tells the test its canaries when all else is written. */
  public static final class Curator {
    private static final List<Object> KEPT = new ArrayList<>();

    private Curator() {}

    /**
     * Makes a key, a release and a bundle, then dumps what it still holds.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Path secrets = Files.createDirectory(folder.resolve("secrets"));
      KEPT.add(new String("control-that-is-kept".toCharArray()));
      sign(folder, secrets);
      release(folder, secrets);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpHeap(folder.resolve("heap.hprof").toString(), true);
    }

    private static void sign(Path folder, Path secrets) throws IOException {
      byte[] random = new byte[12];
      new SecureRandom().nextBytes(random);
      char[] passphrase = HexFormat.of().formatHex(random).toCharArray();
      write(secrets.resolve("passphrase-latin1"), latin1(passphrase));
      write(secrets.resolve("passphrase-utf16"), utf16(passphrase));
      KeyHome home = KeyHome.of(folder.resolve("home"));
      home.generate("curator", SigningAlgorithm.ED25519, passphrase::clone, new SecureRandom());
      SigningKey key = home.open("curator", passphrase::clone);
      byte[] pkcs8 = PrivateKeyInfo.getInstance(PrivateKeys.pkcs8(key)).getPrivateKey().getOctets();
      write(
          secrets.resolve("key-seed"), Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length));
      Path bundle =
          TestBundles.write(
              folder.resolve("bundle"), TestBundles.extract(folder.resolve("a.db"), "images"), key);
      KEPT.add(BundleVerifier.trusting(TrustedKeys.none()).verify(bundle));
      KEPT.add(home);
      System.out.println(List.of(key, home));
      Arrays.fill(passphrase, '\0');
      Arrays.fill(pkcs8, (byte) 0);
    }

    /** Raw answers belong to the caller, who drops them; the guard must not hold on to them. */
    private static void release(Path folder, Path secrets) throws IOException {
      SecureRandom random = new SecureRandom();
      double[][] raw = new double[ROWS][3];
      for (int row = 0; row < ROWS; row++) {
        raw[row][0] = 0.25 + random.nextDouble() / 4;
        write(secrets.resolve("raw-" + row), bits(raw[row][0]));
      }
      BudgetLedger ledger = SqliteLedger.openOrCreate(folder.resolve("b.db"), Clock.systemUTC());
      BudgetAccount account = TestBundles.account("answers");
      ledger.register(account);
      ReleaseGuard guard = ReleaseGuard.of(ledger, SecretNoise.create());
      ReleaseRequest request =
          ReleaseRequest.builder()
              .account(account.key())
              .runId("run-1")
              .purpose("answers")
              .queryDigest("a".repeat(64))
              .boundedAnswers(raw)
              .l2SensitivityPerRow(0.01)
              .noiseMultiplier(50)
              .build();
      ReleasedVectors released =
          guard.release(request, vectors -> vectors.write(folder.resolve("answers.bin")));
      System.out.println(List.of(request, released, guard, released.receipt()));
      for (int row = 0; row < ROWS; row++) {
        double noise = released.row(row)[0] - raw[row][0];
        write(secrets.resolve("noise-" + row), bits(noise));
        write(secrets.resolve("raw-text-" + row), text(raw[row][0]));
      }
      KEPT.addAll(List.of(ledger, guard, released));
    }

    private static void write(Path file, byte[] canary) throws IOException {
      Files.write(file, canary);
      Arrays.fill(canary, (byte) 0);
    }

    private static byte[] bits(double value) {
      return ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
    }

    private static byte[] text(double value) {
      return Double.toString(value).substring(0, 12).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] latin1(char[] chars) {
      byte[] bytes = new byte[chars.length];
      for (int i = 0; i < chars.length; i++) {
        bytes[i] = (byte) chars[i];
      }
      return bytes;
    }

    /** As arrays of characters stand in a heap dump. */
    private static byte[] utf16(char[] chars) {
      ByteBuffer bytes = ByteBuffer.allocate(2 * chars.length);
      for (char c : chars) {
        bytes.putChar(c);
      }
      return bytes.array();
    }
  }

  private Map<String, byte[]> canaries() throws IOException {
    Map<String, byte[]> canaries = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("secrets"))) {
      for (Path file : files.sorted().toList()) {
        canaries.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return canaries;
  }

  /** Everything that was written or printed, but the secrets themselves and the dump. */
  private List<Path> released() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(folder.resolve("secrets")))
          .filter(file -> !file.endsWith("heap.hprof"))
          .toList();
    }
  }

  private String printed() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static boolean holds(Path file, byte[] needle) throws IOException {
    byte[] window = new byte[1 << 20];
    int kept = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (int read = in.readNBytes(window, 0, window.length);
          read > 0;
          read = in.readNBytes(window, kept, window.length - kept)) {
        int length = kept + read;
        if (contains(window, length, needle)) {
          return true;
        }
        kept = Math.min(needle.length - 1, length);
        System.arraycopy(window, length - kept, window, 0, kept);
      }
    }
    return false;
  }

  private static boolean contains(byte[] window, int length, byte[] needle) {
    for (int i = 0; i + needle.length <= length; i++) {
      if (window[i] == needle[0]
          && Arrays.equals(window, i, i + needle.length, needle, 0, needle.length)) {
        return true;
      }
    }
    return false;
  }
}
