package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import io.rona.cli.ledger.LedgerAccess;
import io.rona.cli.ledger.LedgerCredentials;
import io.rona.privacy.certificate.BundleVerifier;
import io.rona.privacy.certificate.KeyException;
import io.rona.privacy.certificate.KeyStores;
import io.rona.privacy.certificate.TrustedKeys;
import io.rona.privacy.certificate.VerificationKey;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.noise.SeededNoise;
import io.rona.query.data.DataException;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole path on a few hundred drawn digits. */
final class PipelineTest {

  @TempDir static Path shared;
  private static RunSummary summary;

  @TempDir Path folder;

  private static RunConfig config(String... overrides) {
    String yaml =
        """
        version: 1
        name: small
        seed: 5
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..600, units: 600}
          public: {id: open, format: "builtin:digits", rows: 600..800, publicLabels: 20}
          evaluation: {id: held-out, format: "builtin:digits", rows: 800..900}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers: {count: 10, backbone: {type: patches, atoms: 8, samples: 500}}
        queries: {count: 100, strategy: margin}
        student:
          layers: [conv 5x5x4/2, maxpool 2]
          hint: {dimension: 8, epochs: 1}
          distillation: {epochs: 1}
          selfLearning: {rounds: 1, epochs: 1}
        """;
    return ConfigReader.read("small.yaml", yaml, List.of(overrides));
  }

  private static RunSummary run(Path home, Path out, Progress progress, String... overrides)
      throws IOException {
    return new Pipeline(new TestHome(home).surroundings())
        .execute(config(overrides), out, progress);
  }

  @BeforeAll
  static void runOnce() throws IOException {
    summary = run(shared.resolve("home"), shared.resolve("out"), Progress.NONE);
  }

  private static BudgetStatus status(Path out) {
    return TestHome.status(out.resolve("ledger.db"));
  }

  @Test
  void execute_smallRun_staysWithinItsBudgetAndSaysSo() {
    assertTrue(summary.epsilon() <= 8, () -> "epsilon " + summary.epsilon());
    assertTrue(summary.epsilon() > 7.9, () -> "epsilon " + summary.epsilon());
    assertTrue(summary.rdpEpsilon() >= summary.epsilon());
    assertEquals(100, summary.queries());
    assertEquals("add-remove", summary.adjacency());
    assertNotNull(summary.publicStudentAccuracy());
    assertTrue(summary.releasable());
  }

  @Test
  void execute_smallRun_bundleVerifies() {
    new TestHome(shared.resolve("home")).requireVerified(shared.resolve("out/bundle"));
  }

  /** ONNX Runtime must need nothing else: labels and preprocessing are in the file. */
  @Test
  void execute_smallRun_studentIsThereForOnnxRuntimeToo() throws IOException {
    Path student = shared.resolve("out/bundle/student");
    assertEquals(Files.size(student.resolve("student.onnx")), summary.onnx().bytes());
    assertEquals(1, summary.onnx().agreement());
    assertEquals(Files.size(student.resolve("student-int8.onnx")), summary.onnxInt8().bytes());
    // How many of the hundred answers are near a tie hangs on the noise of the run.
    assertTrue(summary.onnxInt8().agreement() >= 0.9, () -> "int8 " + summary.onnxInt8());
    String model = Files.readString(student.resolve("student.onnx"), StandardCharsets.ISO_8859_1);
    assertTrue(model.contains("[\"0\",\"1\","), "labels");
    assertTrue(model.contains("pixels divided by 255"), "preprocessing");
  }

  @Test
  void execute_smallRun_nothingInternalIsInTheBundle() throws IOException {
    Path bundle = shared.resolve("out/bundle");
    try (var files = Files.walk(bundle)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("teacherAccuracy"), () -> "internal figure in " + file);
        assertFalse(text.contains(shared.toString()), () -> "path of the machine in " + file);
      }
    }
  }

  @Test
  void execute_again_changesNothing() throws IOException {
    Path out = shared.resolve("out");
    byte[] certificate = Files.readAllBytes(out.resolve("bundle/certificate.dsse.json"));
    BudgetStatus before = status(out);
    RunSummary again = run(shared.resolve("home"), out, Progress.NONE);
    assertEquals(summary, again);
    assertEquals(before, status(out));
    assertArrayEquals(certificate, Files.readAllBytes(out.resolve("bundle/certificate.dsse.json")));
  }

  @Test
  void execute_otherConfigurationInTheSameDirectory_isRefused() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                run(
                    shared.resolve("home"),
                    shared.resolve("out"),
                    Progress.NONE,
                    "queries.count=90"));
    assertTrue(refused.toString().contains("another one"), refused::toString);
  }

  private static Path keyStore(Path folder) throws Exception {
    Path file = folder.resolve("team.p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "curator",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=curator",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            "correct horse");
    assertEquals(0, new ProcessBuilder(keytool).redirectErrorStream(true).start().waitFor());
    return file;
  }

  private void runWithStore(String passphrase, Path store) throws IOException {
    new Pipeline(new TestHome(folder.resolve("home")).surroundings(passphrase::toCharArray))
        .execute(
            config(
                "queries.count=50",
                "release.key=" + store,
                "release.store=pkcs12",
                "release.alias=curator"),
            folder.resolve("out"),
            Progress.NONE);
  }

  @Test
  void execute_keyInAStore_isOpenedFirstAndSignsTheBundle() throws Exception {
    Path store = keyStore(folder);
    assertThrows(KeyException.class, () -> runWithStore("wrong horse", store));
    assertEquals(0, status(folder.resolve("out")).outstanding());
    assertFalse(Files.exists(folder.resolve("out/internal/teachers")));

    runWithStore("correct horse", store);
    VerificationKey curator =
        KeyStores.pkcs12(store, "curator", "correct horse"::toCharArray).verificationKey();
    var report =
        BundleVerifier.trusting(TrustedKeys.of(List.of(curator)))
            .verify(folder.resolve("out/bundle"));
    assertTrue(report.passed(), () -> report.failures().toString());
    assertFalse(Files.exists(folder.resolve("home/keys")));
  }

  /** Who registers a budget beforehand opens the account that runs ask for. */
  @Test
  void execute_budgetRegisteredBefore_spendsFromIt() throws IOException {
    Path file = folder.resolve("team.db");
    String[] overrides = {"privacy.ledger=" + file, "queries.count=50"};
    LedgerAccess access =
        LedgerAccess.of(file.toString(), folder.resolve("home"), LedgerCredentials.of(Map.of()));
    BudgetAccount account =
        DatasetAccount.read(config(overrides), access, Clock.systemUTC(), new SecureRandom());
    try (BudgetLedger ledger = access.openOrCreate(Clock.systemUTC())) {
      ledger.register(account);
    }
    run(folder.resolve("home"), folder.resolve("out"), Progress.NONE, overrides);
    try (BudgetLedger ledger = access.openReadOnly()) {
      assertEquals(List.of(account), ledger.accounts());
      assertEquals(1, ledger.status(account.key()).commits());
    }
  }

  /** Chosen classes and tested queries end in a bundle that verifies and says what was done. */
  @ParameterizedTest
  @CsvSource({"gnmax, 1, GNMax", "confident-gnmax, 2, Confident-GNMax"})
  void execute_chosenClasses_bundleVerifies(String release, int commits, String mechanism)
      throws IOException {
    Path out = folder.resolve("out");
    RunSummary classes =
        run(
            folder.resolve("home"),
            out,
            Progress.NONE,
            "queries.release=" + release,
            "student.publicBaseline=false");
    assertTrue(classes.epsilon() <= 8 && classes.epsilon() > 7.9, () -> "" + classes.epsilon());
    assertTrue(classes.queries() >= 1 && classes.queries() <= 100);
    assertEquals(commits, status(out).commits());
    new TestHome(folder.resolve("home")).requireVerified(out.resolve("bundle"));
    String page = Files.readString(out.resolve("bundle/report.html"));
    assertTrue(page.contains(mechanism), "the mechanism is not named");
  }

  /** Stopped in the second of two epochs, a run goes on behind its last step and pays once. */
  @Test
  void execute_stepByStep_stoppedAndResumed_spendsOnceAndVerifies() throws IOException {
    Path out = folder.resolve("out");
    String[] settings = {
      "queries.release=per-step",
      "student.distillation.epochs=2",
      "student.batchSize=40",
      "student.publicBaseline=false"
    };
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("student: distillation") && done == 1) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(
        IllegalStateException.class, () -> run(folder.resolve("home"), out, stopping, settings));
    assertEquals(3, status(out).commits());
    RunSummary steps = run(folder.resolve("home"), out, Progress.NONE, settings);
    assertEquals(200, steps.queries());
    assertTrue(steps.epsilon() <= 8 && steps.epsilon() > 7.9, () -> "" + steps.epsilon());
    assertEquals(6, status(out).commits());
    assertEquals(0, status(out).outstanding());
    new TestHome(folder.resolve("home")).requireVerified(out.resolve("bundle"));
    String page = Files.readString(out.resolve("bundle/report.html"));
    assertTrue(page.contains("clipped loss gradients"), "the mechanism is not named");
  }

  /** Stops the run at a stage, as a kill would, and counts the stages it hears of. */
  private static Progress stopAt(String stage) {
    return (name, done, total) -> {
      if (name.contains(stage)) {
        throw new IllegalStateException("stopped at " + name);
      }
    };
  }

  @Test
  void execute_stoppedBeforeTheAnswers_hasSpentNothing() throws IOException {
    Path out = folder.resolve("out");
    assertThrows(
        IllegalStateException.class, () -> run(folder.resolve("home"), out, stopAt("answers")));
    assertEquals(0, status(out).committed() + status(out).outstanding());
    assertTrue(run(folder.resolve("home"), out, Progress.NONE).epsilon() <= 8);
  }

  @Test
  void execute_stoppedWhileTheStudentLearns_goesOnWithoutPayingAgain() throws IOException {
    Path out = folder.resolve("out");
    assertThrows(
        IllegalStateException.class,
        () -> run(folder.resolve("home"), out, stopAt("self-learning")));
    BudgetStatus spent = status(out);
    assertTrue(spent.committed() > 0);
    run(folder.resolve("home"), out, Progress.NONE);
    assertEquals(spent.committed(), status(out).committed());
    assertEquals(0, status(out).outstanding());
    assertFalse(Files.exists(out.resolve("bundle/internal")));
  }

  /** Phases on public labels and a heavy student change what is learned, not what is spent. */
  @Test
  void execute_heavyStudentAndPhasesOnLabels_stoppedAndResumed_reportsBothStudents()
      throws IOException {
    String[] phases = {
      "student.pretraining={epochs: 1}",
      "student.fineTuning={epochs: 1}",
      "student.hint=none",
      "student.auxiliary={widthFactor: 2, epochs: 1}",
      "student.publicBaseline=false"
    };
    Path out = folder.resolve("out");
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("student: from-auxiliary")) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(
        IllegalStateException.class, () -> run(folder.resolve("home"), out, stopping, phases));
    double spent = status(out).committed();
    RunSummary both = run(folder.resolve("home"), out, Progress.NONE, phases);
    assertEquals(spent, status(out).committed());
    assertNotNull(both.auxiliaryAccuracy());
    assertEquals(2 * 26 * 4 + (2 * 4 * 49 + 1) * 10, both.auxiliaryParameters());
    assertEquals(26 * 4 + (4 * 49 + 1) * 10, both.studentParameters());
    new TestHome(folder.resolve("home")).requireVerified(out.resolve("bundle"));
    String page = Files.readString(out.resolve("bundle/report.html"));
    assertTrue(page.contains("heavy auxiliary student, 4,138 parameters"), page);
    assertNull(summary.auxiliaryAccuracy());
  }

  @Test
  void execute_sharedLedgerSpent_isRefusedBeforeTraining() throws IOException {
    Path home = folder.resolve("home");
    run(home, folder.resolve("first"), Progress.NONE, "privacy.ledger=shared");
    assertThrows(
        BudgetExceededException.class,
        () -> run(home, folder.resolve("second"), stopAt("teachers"), "privacy.ledger=shared"));
    assertFalse(Files.exists(folder.resolve("second/bundle")));
    assertEquals(1, TestHome.status(home.resolve("ledger.db")).commits());
  }

  @Test
  void execute_seededNoise_bundleIsMarkedAndFailsVerification() throws IOException {
    Path home = folder.resolve("home");
    RunSummary seeded =
        new Pipeline(new TestHome(home).surroundings(SeededNoise.notReleasable(1)))
            .execute(config("student.publicBaseline=false"), folder.resolve("out"), Progress.NONE);
    assertFalse(seeded.releasable());
    assertNull(seeded.publicStudentAccuracy());
    assertFalse(new TestHome(home).verifier().verify(folder.resolve("out/bundle")).passed());
  }

  @Test
  void execute_overlappingPublicRows_isRefusedBeforeAnythingIsSpent() {
    assertThrows(
        RuntimeException.class,
        () ->
            run(
                folder.resolve("home"),
                folder.resolve("out"),
                Progress.NONE,
                "data.public.rows=500..700"));
    assertFalse(Files.exists(folder.resolve("out/ledger.db")));
  }

  @Test
  void execute_missingFile_leavesNothingBehind() {
    assertThrows(
        DataException.class,
        () ->
            run(
                folder.resolve("home"),
                folder.resolve("out"),
                Progress.NONE,
                "data.evaluation.format=idx",
                "data.evaluation.images=" + folder.resolve("images"),
                "data.evaluation.labels=" + folder.resolve("labels")));
    assertFalse(Files.exists(folder.resolve("out")));
    assertFalse(Files.exists(folder.resolve("home")));
  }

  @Test
  void execute_outputDirectoryIsAFile_isRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(ConfigException.class, () -> run(folder.resolve("home"), file, Progress.NONE));
  }
}
