package io.rona.privacy.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.noise.Grid;
import io.rona.privacy.noise.NoiseSource;
import io.rona.privacy.noise.NotReleasableNoise;
import io.rona.privacy.noise.SecretNoise;
import io.rona.privacy.noise.SeededNoise;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ReleaseGuardTest extends LedgerBackedTest {
  private static final String QUERY = "a".repeat(64);
  private static final double[][] ANSWERS = {{0.25, 0.75}, {1, 0}, {0.5, 0.5}};

  private static final BudgetAccount ACCOUNT = patients(Adjacency.ADD_REMOVE, 1);

  private final List<String> calls = new ArrayList<>();

  ReleaseGuardTest() {
    super(ACCOUNT);
  }

  @Test
  void release_callsReserveNoiseSinkCommitInThisOrder() {
    ReleasedVectors vectors = guard("").release(request(10), this::sink);
    List<String> expected = new ArrayList<>(List.of("reserve"));
    for (double[] row : ANSWERS) {
      for (double answer : row) {
        expected.add("noise " + answer);
      }
    }
    expected.addAll(List.of("sink", "commit"));
    assertEquals(expected, calls);
    assertEquals(vectors.digest(), vectors.receipt().outputDigest());
    assertEquals(QUERY, vectors.receipt().queryDigest());
    assertEquals(
        new SelfComposedEvent(new GaussianEvent(10), 3), vectors.receipt().request().event());
  }

  @Test
  void release_overBudget_drawsNoNoiseAndHandsOverNothing() {
    assertThrows(BudgetExceededException.class, () -> guard("").release(request(0.5), this::sink));
    assertEquals(List.of("reserve"), calls);
    assertEquals(0, spent());
  }

  @Test
  void release_reserveFails_drawsNoNoise() {
    assertThrows(LedgerException.class, () -> guard("reserve").release(request(10), this::sink));
    assertEquals(List.of("reserve"), calls);
  }

  @Test
  void release_noiseFails_leavesReservationSpent() {
    NoiseSource failing =
        noise(
            value -> {
              throw new IllegalStateException("injected failure of noise");
            });
    ReleaseGuard guard = ReleaseGuard.of(new RecordingLedger(ledger, calls, ""), failing);
    assertThrows(IllegalStateException.class, () -> guard.release(request(10), this::sink));
    assertEquals(List.of("reserve", "noise 0.25"), calls);
    assertEquals(0.03, spent(), 1e-12);
    assertEquals(1, status().reservationsOutstanding());
  }

  @Test
  void release_sinkFails_leavesReservationSpentAndDoesNotCommit() {
    Consumer<ReleasedVectors> full =
        vectors -> {
          throw new IllegalStateException("injected failure of sink");
        };
    assertThrows(IllegalStateException.class, () -> guard("").release(request(10), full));
    assertEquals("reserve", calls.get(0));
    assertEquals("noise 0.5", calls.get(calls.size() - 1));
    assertEquals(1, status().reservationsOutstanding());
    assertEquals(0.03, spent(), 1e-12);
  }

  @Test
  void release_commitFails_leavesReservationSpentAndFileCanBeResumed() {
    Path file = directory.resolve("answers.bin");
    assertThrows(
        LedgerException.class,
        () -> guard("commit").release(request(10), vectors -> vectors.write(file)));
    assertEquals(1, status().reservationsOutstanding());
    assertThrows(LedgerIntegrityException.class, () -> ReleasedVectors.read(file, ledger));

    ReleasedVectors resumed = guard("").resume(file);
    assertEquals(resumed.digest(), resumed.receipt().outputDigest());
    assertEquals(1, status().commits());
    assertEquals(0, status().reservationsOutstanding());
    assertEquals(resumed.receipt().entry(), guard("").resume(file).receipt().entry());
    assertEquals(resumed.digest(), ReleasedVectors.read(file, ledger).digest());
  }

  @Test
  void release_toSink_hasNoReceiptYet() {
    guard("")
        .release(
            request(10), vectors -> assertThrows(IllegalStateException.class, vectors::receipt));
  }

  @Test
  void release_withSecretNoise_isReleasableAndOnTheGrid() {
    ReleasedVectors vectors =
        ReleaseGuard.of(ledger, SecretNoise.create()).release(request(10), this::sink);
    assertTrue(vectors.releasable());
    assertTrue(vectors.receipt().releasable());
    double step = Grid.forStdDev(vectors.noiseStdDev()).step();
    for (int row = 0; row < vectors.rows(); row++) {
      for (double value : vectors.row(row)) {
        assertEquals(value, Math.rint(value / step) * step);
      }
    }
  }

  @Test
  void release_withSeededNoise_isChargedAndNotReleasable() {
    ReleasedVectors vectors =
        ReleaseGuard.of(ledger, SeededNoise.notReleasable(1)).release(request(10), this::sink);
    assertFalse(vectors.releasable());
    assertFalse(vectors.receipt().releasable());
    assertFalse(ledger.extract(ACCOUNT.key()).verify().spends().get(0).releasable());
    assertEquals(0.03, spent(), 1e-12);
  }

  @Test
  void release_stdDev_isNeverShortOfTheMultiplier() {
    double sensitivity = 0.1;
    BigDecimal exactSensitivity = new BigDecimal(sensitivity);
    for (double multiplier : new double[] {3, 7.3, 12.7, 1e3}) {
      double stdDev = request(multiplier).noiseStdDev();
      BigDecimal product = new BigDecimal(multiplier).multiply(exactSensitivity);
      assertTrue(new BigDecimal(stdDev).compareTo(product) >= 0);
      assertEquals(multiplier * sensitivity, stdDev, 1e-15 * stdDev);
    }
  }

  /** The same noise, seen in full and in part: the part is a function of the noised values. */
  @ParameterizedTest
  @EnumSource(ReleasedPart.class)
  void release_ofAPart_isThatPartOfTheNoisedValues(ReleasedPart part) {
    double[][] answers = new double[40][3];
    for (int i = 0; i < answers.length; i++) {
      answers[i][i % 3] = 0.05;
    }
    ReleaseRequest full = builder(60).boundedAnswers(answers).build();
    ReleaseRequest some = builder(60).boundedAnswers(answers).part(part).build();
    ReleasedVectors values = seeded().release(full, vectors -> {});
    Path file = directory.resolve("part.bin");
    ReleasedVectors kept = seeded().release(some, vectors -> vectors.write(file));
    assertEquals(part, kept.part());
    assertEquals(part, ReleasedVectors.read(file, ledger).part());
    assertEquals(kept.digest(), ReleasedVectors.read(file, ledger).digest());
    assertEquals(values.receipt().request().event(), kept.receipt().request().event());
    for (int i = 0; i < answers.length; i++) {
      assertArrayEquals(partOf(values.row(i), part), kept.row(i), 0);
    }
  }

  private ReleaseGuard seeded() {
    return ReleaseGuard.of(ledger, SeededNoise.notReleasable(3));
  }

  private static double[] partOf(double[] noised, ReleasedPart part) {
    double largest = Arrays.stream(noised).max().orElseThrow();
    return switch (part) {
      case VALUES -> noised;
      case LARGEST -> Arrays.stream(noised).map(value -> value == largest ? 1 : 0).toArray();
      case SIGN -> Arrays.stream(noised).map(value -> value >= 0 ? 1 : 0).toArray();
    };
  }

  @Test
  void read_marksOfNoKnownPart_areRefused() throws Exception {
    Path file = directory.resolve("answers.bin");
    seeded().release(request(10), vectors -> vectors.write(file));
    byte[] bytes = Files.readAllBytes(file);
    for (int marks : new int[] {6, 7, 8, -1}) {
      ByteBuffer.wrap(bytes).putInt(92, marks);
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, bytes.length - 32));
      System.arraycopy(digest, 0, bytes, bytes.length - 32, 32);
      Files.write(file, bytes);
      LedgerIntegrityException refused =
          assertThrows(LedgerIntegrityException.class, () -> seeded().resume(file));
      assertTrue(String.valueOf(refused.getMessage()).contains("marks"), refused::toString);
    }
  }

  static Stream<Wrong> wrongRequests() {
    double nan = Double.NaN;
    double inf = Double.POSITIVE_INFINITY;
    return Stream.of(
        new Wrong("NaN answer", b -> b.boundedAnswers(new double[][] {{0, nan}})),
        new Wrong(
            "largest of one",
            b -> b.boundedAnswers(new double[][] {{1}}).part(ReleasedPart.LARGEST)),
        new Wrong("infinite answer", b -> b.boundedAnswers(new double[][] {{inf}})),
        new Wrong("-infinite answer", b -> b.boundedAnswers(new double[][] {{-inf}})),
        new Wrong("answer beyond grid", b -> b.boundedAnswers(new double[][] {{1e30}})),
        new Wrong("ragged answers", b -> b.boundedAnswers(new double[][] {{1, 2}, {1}})),
        new Wrong("no rows", b -> b.boundedAnswers(new double[0][])),
        new Wrong("no columns", b -> b.boundedAnswers(new double[][] {{}})),
        new Wrong("zero sensitivity", b -> b.l2SensitivityPerRow(0)),
        new Wrong("negative sensitivity", b -> b.l2SensitivityPerRow(-1)),
        new Wrong("NaN sensitivity", b -> b.l2SensitivityPerRow(nan)),
        new Wrong("infinite sensitivity", b -> b.l2SensitivityPerRow(inf)),
        new Wrong("zero multiplier", b -> b.noiseMultiplier(0)),
        new Wrong("NaN multiplier", b -> b.noiseMultiplier(nan)),
        new Wrong("infinite multiplier", b -> b.noiseMultiplier(inf)),
        new Wrong("product overflows", b -> b.noiseMultiplier(1e200).l2SensitivityPerRow(1e200)),
        new Wrong("product vanishes", b -> b.noiseMultiplier(1e-200).l2SensitivityPerRow(1e-200)),
        new Wrong("query digest", b -> b.queryDigest("abc")),
        new Wrong("run id", b -> b.runId("a b")),
        new Wrong("purpose", b -> b.purpose(" ")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRequests")
  void build_wrongRequest_throwsAndShowsNoAnswer(Wrong wrong) {
    ReleaseRequest.Builder builder = wrong.change().apply(builder(10));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
    assertFalse(String.valueOf(e.getMessage()).contains("1.0E30"));
  }

  @Test
  void build_missingParts_throwsException() {
    assertThrows(IllegalArgumentException.class, () -> ReleaseRequest.builder().build());
    ReleaseRequest.Builder builder =
        ReleaseRequest.builder().boundedAnswers(ANSWERS).l2SensitivityPerRow(1).noiseMultiplier(1);
    assertThrows(IllegalArgumentException.class, builder::build);
  }

  @Test
  void strings_holdNoAnswers() {
    double[][] odd = {{0.123456789, 0.987654321}};
    ReleaseRequest request = builder(10).boundedAnswers(odd).build();
    ReleasedVectors vectors = guard("").release(request, this::sink);
    for (String text :
        List.of(request.toString(), vectors.toString(), vectors.receipt().toString())) {
      assertFalse(text.contains("123456"), text);
      assertFalse(text.contains("987654"), text);
    }
  }

  @Test
  void request_copiesTheAnswers() {
    double[][] rows = {{1, 2}};
    ReleaseRequest request = builder(10).boundedAnswers(rows).build();
    rows[0][0] = 99;
    ReleasedVectors vectors = guard("").release(request, this::sink);
    assertArrayEquals(new double[] {1, 2}, vectors.row(0));
    vectors.row(0)[0] = 77;
    assertArrayEquals(new double[] {1, 2}, vectors.row(0));
  }

  @Test
  void write_thenRead_givesTheSameVectors() throws Exception {
    Path file = directory.resolve("answers.bin");
    ReleasedVectors written = guard("").release(request(10), vectors -> vectors.write(file));
    ReleasedVectors read = ReleasedVectors.read(file, ledger);
    assertEquals(written.digest(), read.digest());
    assertEquals(written.receipt().entry(), read.receipt().entry());
    assertEquals(3, read.rows());
    assertEquals(2, read.columns());
    assertEquals(written.noiseStdDev(), read.noiseStdDev());
    IntStream.range(0, 3).forEach(row -> assertArrayEquals(written.row(row), read.row(row)));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertThrows(LedgerException.class, () -> read.write(file));
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(path -> path.toString().endsWith(".tmp")));
    }
  }

  @Test
  void read_anyByteChanged_isRefused() throws Exception {
    Path file = directory.resolve("answers.bin");
    guard("").release(request(10), vectors -> vectors.write(file));
    byte[] good = Files.readAllBytes(file);
    Path bad = directory.resolve("bad.bin");
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      Files.write(bad, changed);
      assertThrows(
          LedgerIntegrityException.class, () -> ReleasedVectors.read(bad, ledger), "byte " + i);
    }
    for (int length = 0; length < good.length; length += 7) {
      Files.write(bad, Arrays.copyOf(good, length));
      assertThrows(LedgerIntegrityException.class, () -> ReleasedVectors.read(bad, ledger));
    }
    Files.write(bad, Arrays.copyOf(good, good.length + 1));
    assertThrows(LedgerIntegrityException.class, () -> ReleasedVectors.read(bad, ledger));
  }

  @Test
  void read_fileOfAnotherLedger_isRefused() {
    Path file = directory.resolve("answers.bin");
    try (BudgetLedger other =
        SqliteLedger.create(directory.resolve("other.db"), Clock.systemUTC())) {
      other.register(ACCOUNT);
      ReleaseGuard.of(other, SecretNoise.create())
          .release(request(10), vectors -> vectors.write(file));
      ReleasedVectors.read(file, other);
      assertThrows(LedgerIntegrityException.class, () -> ReleasedVectors.read(file, ledger));
      assertThrows(LedgerIntegrityException.class, () -> guard("").resume(file));
    }
  }

  @Test
  void read_outputOfAnotherRelease_isRefused() throws Exception {
    Path first = directory.resolve("first.bin");
    Path second = directory.resolve("second.bin");
    assertThrows(
        LedgerException.class,
        () -> guard("commit").release(request(10), vectors -> vectors.write(first)));
    ReleasedVectors vectors = guard("").resume(first);
    // The same reservation, with other values and a right digest of its own.
    VectorContent content = VectorFile.read(first);
    content.values()[0] += 1;
    VectorFile.write(content, second);
    assertThrows(LedgerIntegrityException.class, () -> ReleasedVectors.read(second, ledger));
    assertThrows(IllegalStateException.class, () -> guard("").resume(second));
    assertEquals(vectors.digest(), ReleasedVectors.read(first, ledger).digest());
  }

  private BudgetStatus status() {
    return ledger.status(ACCOUNT.key());
  }

  private double spent() {
    return status().committed() + status().outstanding();
  }

  private ReleaseGuard guard(String failing) {
    return ReleaseGuard.of(new RecordingLedger(ledger, calls, failing), noise(value -> value));
  }

  private NoiseSource noise(UnaryOperator<Double> change) {
    return new NotReleasableNoise() {
      @Override
      public double gaussian(double mean, double stdDev, Grid grid) {
        calls.add("noise " + mean);
        return change.apply(mean);
      }
    };
  }

  private void sink(ReleasedVectors vectors) {
    calls.add("sink");
  }

  private ReleaseRequest request(double noiseMultiplier) {
    return builder(noiseMultiplier).build();
  }

  private ReleaseRequest.Builder builder(double noiseMultiplier) {
    return ReleaseRequest.builder()
        .account(ACCOUNT.key())
        .runId("run-1")
        .purpose("answers to a batch")
        .queryDigest(QUERY)
        .boundedAnswers(ANSWERS)
        .l2SensitivityPerRow(0.1)
        .noiseMultiplier(noiseMultiplier);
  }

  /** One thing wrong with a request that is right otherwise. */
  record Wrong(String name, UnaryOperator<ReleaseRequest.Builder> change) {
    @Override
    public String toString() {
      return name;
    }
  }
}
