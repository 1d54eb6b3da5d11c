package io.rona.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.query.data.RowRange;
import io.rona.query.engine.RateSchedule;
import io.rona.student.MatchLoss;
import io.rona.student.WeightSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  private static final String SHORT =
      """
      version: 1
      data:
        sensitive: {id: letters, format: idx, images: a.gz, labels: b.gz, classes: 10, units: 1000}
        public: {format: idx, images: c.gz, rows: 0..900}
        evaluation: {format: idx, images: c.gz, labels: d.gz, rows: 900..end}
      privacy: {epsilon: 2, delta: 1e-5}
      teachers: {count: 50}
      queries: {count: 400}
      """;

  private static final String DIGITS =
      """
      version: 1
      name: "digits"
      data:
        sensitive: {id: digits, format: "builtin:digits", rows: 100, units: 100}
        public: {format: "builtin:digits", rows: 100..200, publicLabels: 30}
        evaluation: {format: "builtin:digits", generatorSeed: 2, rows: 50}
      privacy: {epsilon: 0.5, delta: .001, adjacency: replace-one, ledger: run,
                budget: {epsilon: 1, delta: 0.002}}
      teachers:
        count: 5
        backbone: {type: supervised, layers: [conv 3x3x4, maxpool 2], augmentation: none}
        answer: soft
        hint: {clipNorm: 1, budgetShare: 0.1}
      queries: {count: 60, strategy: k-center}
      student: {layers: [conv 3x3x4/2], hint: {dimension: 8}, selfLearning: {rounds: 0}}
      release: {key: 'my "key"\\x.pem'}
      """;

  private static final String HEAD =
      SHORT
          .replace("{count: 50}", "{kind: private-head, steps: 7, clipNorm: 0.25}")
          .replace("queries: {count: 400}\n", "");

  private static RunConfig read(String yaml, String... overrides) {
    return ConfigReader.read("run.yaml", yaml, List.of(overrides));
  }

  private static String error(String yaml, String... overrides) {
    String message =
        String.valueOf(
            assertThrows(ConfigException.class, () -> read(yaml, overrides)).getMessage());
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private static final String MODELS =
      SHORT.replace(
          "{count: 50}",
          "{kind: models, files: m/*.onnx, count: 3, status: disjoint-shards, output: logits,"
              + " scores: logits}");

  @Test
  void read_models_countTheirFilesAndReadBack() {
    RunConfig config = read(MODELS);
    ModelFilesConfig models = config.teachers().models().orElseThrow();
    assertEquals(List.of("m/0.onnx", "m/1.onnx", "m/2.onnx"), models.files());
    assertEquals(3, config.teachers().count());
    assertEquals("models", config.teachers().kind());
    assertEquals(config, read(MODELS.replace("kind: models", "kind: onnx")));
    assertEquals(config, read(config.effectiveYaml()));
    RunConfig listed =
        read(
            SHORT,
            "teachers={kind: models, files: [/home/a.onnx, b.onnx], status: disjoint-shards, input: x,"
                + " output: p, scores: probabilities, answer: soft, temperature: 2}");
    assertEquals(2, listed.teachers().count());
    assertEquals(listed, read(listed.effectiveYaml()));
    assertFalse(listed.releasableYaml().contains("/home"), listed.releasableYaml());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "files=[a, b] | teachers.count must be left out with a list of files",
        "files=a | teachers.files must be a list of files, or a pattern with a *",
        "count=0 | teachers.count must lie between 1 and 10000",
        "status=none | teachers.status must be disjoint-shards for several files",
        "status=dp | teachers.status must be disjoint-shards for several files",
        "status=public | a model of public data alone is a backbone for teachers",
        "backbone={type: model, file: a} | teachers.backbone.output must be given",
        "backbone={type: model, file: a, output: b, atoms: 3} | teachers.backbone.atoms must be left"
            + " out with type model",
        "backbone={type: patches, file: a} | teachers.backbone.file must be left out with type"
            + " patches",
        "dp={noiseMultiplier: 1, steps: 1, statement: s} | teachers.dp must be given if and only if",
        "scores=votes | teachers.scores must be one of logits, probabilities",
        "hint={clipNorm: 1, budgetShare: 0.1} | teachers.hint must be left out with kind models",
        "shardKey=k | teachers.shardKey must be left out with kind models",
        "steps=3 | teachers.steps must be left out with kind models",
        "kind=ensemble | teachers.files must be left out with kind ensemble",
        "kind=private-head | must be left out with kind private-head",
      })
  void read_badModels_nameTheKey(String override, String expected) {
    String error = error(MODELS, "teachers." + override);
    assertTrue(error.contains(expected), error);
  }

  @Test
  void read_modelAsBackbone_readsBack() {
    String open = "teachers.backbone={type: model, file: /home/resnet.onnx, output: pool}";
    RunConfig config = read(SHORT, open);
    assertEquals(
        new BackboneConfig.Model("/home/resnet.onnx", Optional.empty(), "pool"),
        config.teachers().backbone());
    assertEquals(config, read(config.effectiveYaml()));
    assertFalse(config.releasableYaml().contains("/home"), config.releasableYaml());
    assertEquals(config.teachers().backbone(), read(HEAD, open).teachers().backbone());
  }

  private static final String ADMITTED =
      SHORT
          .replace(
              "{count: 50}",
              "{kind: models, files: [m.onnx], status: dp, output: logits, scores: logits, dp:"
                  + " {samplingProbability: 0.01, noiseMultiplier: 1.1, steps: 900, statement:"
                  + " /home/s.txt}}")
          .replace("queries: {count: 400}\n", "");

  @Test
  void read_modelWithDeclaredTraining_hasNoQueriesAndReadsBack() {
    RunConfig config = read(ADMITTED);
    assertEquals(
        new DeclaredTrainingConfig(0.01, 1.1, 900, "/home/s.txt"),
        config.teachers().declaredTraining().orElseThrow());
    assertTrue(config.teachers().released() && config.queries().isEmpty());
    assertEquals(config, read(config.effectiveYaml()));
    assertFalse(config.releasableYaml().contains("/home"), config.releasableYaml());
    RunConfig whole = read(ADMITTED.replace("samplingProbability: 0.01, ", ""));
    assertEquals(1, whole.teachers().declaredTraining().orElseThrow().samplingProbability());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "teachers.dp.samplingProbability=1.01 | teachers.dp.samplingProbability must be greater than 0"
            + " and at most 1, but is 1.01",
        "teachers.dp.samplingProbability=0 | teachers.dp.samplingProbability must be greater than 0",
        "teachers.dp.noiseMultiplier=0 | teachers.dp.noiseMultiplier must be finite and greater than"
            + " 0",
        "teachers.dp.steps=0 | teachers.dp.steps must lie between 1",
        "teachers.dp.epsilon=2 | teachers.dp.epsilon must be left out because a ledger adds up steps",
        "teachers.dp.clip=1 | unknown key teachers.dp.clip",
        "privacy.adjacency=replace-one | teachers.dp.samplingProbability must be 1 where"
            + " privacy.adjacency",
        "queries={count: 3} | queries must be left out with teachers.status dp",
        "teachers.answer=vote | teachers.answer must be left out with status dp",
        "teachers.files=[a, b] | teachers.status must be disjoint-shards for several files",
        "teachers.status=none | teachers.dp must be given if and only if status is dp",
      })
  void read_badDeclaredTraining_namesTheKey(String override, String expected) {
    String error = error(ADMITTED, override);
    assertTrue(error.contains(expected), error);
  }

  @Test
  void read_modelWithDeclaredTrainingWithoutNoiseOrStatement_isRefused() {
    assertTrue(
        error(ADMITTED.replace("noiseMultiplier: 1.1, ", ""))
            .contains("teachers.dp.noiseMultiplier must be given"));
    assertTrue(
        error(ADMITTED.replace(", statement: /home/s.txt", ""))
            .contains("teachers.dp.statement must be given"));
  }

  @Test
  void read_modelsWithoutADeclaration_areRefused() {
    assertTrue(
        error(MODELS.replace(" status: disjoint-shards,", ""))
            .contains("teachers.status must be given"));
  }

  /** The configuration with other sources; each has 10 classes. */
  private static String sources(String sensitive, String open, String evaluation) {
    return SHORT
        .replace("format: idx, images: a.gz, labels: b.gz", sensitive)
        .replace("format: idx, images: c.gz, rows: 0..900", open)
        .replace("format: idx, images: c.gz, labels: d.gz, rows: 900..end", evaluation);
  }

  static Stream<String> sourcesOfEachFormat() {
    return Stream.of(
        sources(
            "format: cifar10, files: [a.bin, b.bin]",
            "format: cifar10, files: [c.bin], rows: 0..900, publicLabels: all",
            "format: cifar10, files: [c.bin], rows: 900..end"),
        sources(
            "format: images, file: a.zip, folder: train, size: 24x32, channels: 1",
            "format: images, file: a.zip, folder: test, size: 24x32, channels: 1, rows: 0..900",
            "format: images, file: b, labels: b.csv, size: 24x32, channels: 1"),
        sources(
            "format: mat, file: a.mat", "format: mat, file: b.mat", "format: mat, file: c.mat"));
  }

  @ParameterizedTest
  @MethodSource("sourcesOfEachFormat")
  void read_eachFormat_readsBackAsItself(String yaml) {
    RunConfig config = read(yaml, "data.sensitive.classNames=[a, b, c, d, e, f, g, h, i, 'null']");
    assertEquals(config, read(config.effectiveYaml()));
    assertEquals("null", config.data().sensitive().namesOfClasses().get(9));
    assertTrue(config.data().sensitive().source().isImages());
  }

  @Test
  void read_imagesWithAbsolutePaths_areReleasedByTheirNames() {
    RunConfig config =
        read(
            sources(
                "format: cifar10, files: [/home/ann/a.bin]",
                "format: cifar10, files: [/home/ann/b.bin]",
                "format: images, file: /home/ann/c.zip"));
    assertFalse(config.releasableYaml().contains("/home"), config.releasableYaml());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.public={format: cifar10} | data.public.files must name at least one file",
        "data.public={format: cifar10, files: [a, a]} | data.public.files must name at least one",
        "data.public={format: cifar10, file: a, files: [b]} | data.public.file must be left out with format cifar10",
        "data.public={format: images, file: a, size: 32} | data.public.size must be text",
        "data.public={format: images, file: a, size: 32x} | data.public.size must have the form 32x32",
        "data.public={format: images, file: a, size: 0x9} | data.public.size: height must lie in 1..4096",
        "data.public={format: images, file: a, channels: 2} | data.public.channels must be 1 or 3",
        "data.public={format: images, file: a, folder: b/../c} | data.public.folder must lie within",
        "data.public={format: mat, file: a, labels: b} | data.public.labels must be left out with format mat",
        "data.sensitive.classNames=[a, b] | data.sensitive.classNames must be distinct and as many",
        "data.sensitive.classNames=[a, b, c, d, e, f, g, h, i, i] | data.sensitive.classNames must be",
      })
  void read_badSource_namesTheKey(String override, String expected) {
    assertTrue(error(SHORT, override).contains(expected), () -> error(SHORT, override));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "format: images, file: a, folder: x | format: images, file: a, folder: x/y",
        "format: images, file: a | format: images, file: a, folder: x, rows: 5..9",
        "format: images, file: a, rows: 0..9 | format: images, file: a, labels: l.csv, rows: 10..20",
        "format: cifar10, files: [a, b], rows: 0..9 | format: cifar10, files: [b], rows: 9..10",
        "format: cifar10, files: [a], rows: 0..9 | format: cifar10, files: [a], rows: 8..10",
        "format: mat, file: a, rows: 0..9 | format: mat, file: a, rows: 8..end",
      })
  void read_sourcesThatMayShareRows_areRefused(String sensitive, String open) {
    String yaml = sources(sensitive, open, "format: mat, file: elsewhere");
    assertTrue(
        error(yaml).contains("sensitive.rows must not meet the rows of data.public"), error(yaml));
    String apart =
        sources(
            "format: images, file: a, folder: x, rows: 0..9",
            "format: images, file: a, folder: x, rows: 9..20",
            "format: images, file: a, folder: xy");
    assertEquals(9, read(apart, "queries.count=9").data().sensitive().source().rows().to());
  }

  @Test
  void ledgerOnAServer_isReadAndStaysOutOfTheReleasedConfiguration() {
    String url = "jdbc:postgresql://db.internal/budget?sslmode=verify-full";
    RunConfig config = read(SHORT, "privacy.ledger=" + url);
    assertEquals(url, config.privacy().ledger().setting());
    assertTrue(config.privacy().ledger().composesOverRuns());
    assertEquals(config, read(config.effectiveYaml()));
    assertFalse(config.releasableYaml().contains("db.internal"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.internal/budget?user=alice&password=canary",
        "jdbc:postgresql://alice:canary@db.internal/budget",
        "JDBC:POSTGRESQL://db.internal/budget?password=canary"
      })
  void ledgerWithCredentials_isRefusedWithoutRepeatingThem(String url) {
    String yaml = SHORT.replace("delta: 1e-5}", "delta: 1e-5, ledger: '" + url + "'}");
    assertFalse(error(yaml).contains("canary"), () -> error(yaml));
    assertFalse(error(SHORT, "privacy.ledger=" + url).contains("canary"));
  }

  @Test
  void read_shortFile_fillsInDefaults() {
    RunConfig config = read(SHORT);
    assertEquals("letters", config.name());
    assertEquals(1, config.seed());
    assertEquals(".", config.data().root());
    assertEquals("record", config.data().sensitive().privacyUnit());
    assertTrue(config.data().pool().labels().isNone());
    assertEquals(new RowRange(900, RowRange.END), config.data().evaluation().source().rows());
    assertEquals(Adjacency.ADD_REMOVE, config.privacy().adjacency());
    assertEquals(1e-5, config.privacy().parameters().delta());
    assertEquals(config.privacy().parameters(), config.privacy().budget());
    assertEquals(LedgerLocation.SHARED, config.privacy().ledger().setting());
    assertEquals(BackboneConfig.Patches.DEFAULT, config.teachers().backbone());
    assertTrue(config.teachers().vote());
    assertEquals(QueriesConfig.Strategy.RANDOM, config.queries().orElseThrow().strategy());
    assertEquals(Optional.of(AugmentationConfig.DEFAULT), config.student().augmentation());
    assertEquals(StudentConfig.SelfLearning.DEFAULT, config.student().phases().selfLearning());
  }

  @Test
  void read_fullFile_takesWhatItSays() {
    RunConfig config = read(DIGITS);
    DataSource.Digits pool = (DataSource.Digits) config.data().pool().source();
    assertEquals(new DataSource.Digits(1, RowRange.of(100, 200)), pool);
    assertEquals(30, config.data().pool().labels().of(100));
    assertEquals(0.002, config.privacy().budget().delta());
    BackboneConfig.Supervised backbone = (BackboneConfig.Supervised) config.teachers().backbone();
    assertEquals(List.of("conv 3x3x4", "maxpool 2"), backbone.layers());
    assertEquals(Optional.empty(), backbone.schedule().augmentation());
    assertEquals(Optional.of(new TeachersConfig.HintRelease(1, 0.1)), config.teachers().hint());
    assertEquals(Optional.of("my \"key\"\\x.pem"), config.release().key());
    assertEquals(ReleaseConfig.Store.PEM, config.release().store());
  }

  @Test
  void read_answerRelease_takesWhatItSaysAndSurvivesItsCanonicalForm() {
    assertEquals(new AnswerRelease.Answers(), released());
    assertEquals(new AnswerRelease.Gnmax(), released("queries.release=gnmax"));
    assertEquals(new AnswerRelease.PerStep(), released("queries.release=per-step"));
    assertEquals(AnswerRelease.ConfidentGnmax.DEFAULT, released("queries.release=confident-gnmax"));
    assertEquals(
        new AnswerRelease.ConfidentGnmax(0.7, 0.1),
        released("queries={count: 5, release: confident-gnmax, threshold: 0.7, testShare: 0.1}"));
  }

  private static AnswerRelease released(String... overrides) {
    RunConfig config = read(SHORT, overrides);
    assertEquals(config, read(config.effectiveYaml()));
    return config.queries().orElseThrow().release();
  }

  @ParameterizedTest
  @CsvSource({
    "queries.release=votes, be one of answers",
    "queries.threshold=0.5, must be left out with release answers",
    "queries.release=confident-gnmax queries.threshold=1.5, queries.threshold",
    "queries.release=confident-gnmax queries.testShare=1, queries.testShare",
    "queries.release=per-step queries.testShare=0.1, must be left out with release per-step",
    "queries.release=gnmax teachers.answer=soft, teachers.answer",
    "'queries.release=gnmax teachers.hint={clipNorm: 1, budgetShare: 0.5}', teachers.hint",
  })
  void read_wrongAnswerRelease_isRefused(String overrides, String message) {
    ConfigException refused =
        assertThrows(ConfigException.class, () -> read(SHORT, overrides.split(" (?=[a-z]+\\.)")));
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::getMessage);
  }

  @Test
  void read_privateHead_takesWhatItSaysAndFillsInDefaults() {
    RunConfig config = read(HEAD);
    PrivateHeadConfig head = config.teachers().head().orElseThrow();
    assertEquals(7, head.steps());
    assertEquals(0.25, head.clipNorm());
    assertEquals(PrivateHeadConfig.DEFAULT.momentum(), head.momentum());
    assertEquals(Optional.empty(), config.queries());
    assertEquals(Optional.empty(), read(SHORT).teachers().head());
  }

  @ParameterizedTest
  @CsvSource({
    "teachers.kind=oracle, be one of ensemble",
    "teachers.count=5, must be left out with kind private-head",
    "teachers.answer=soft, must be left out with kind private-head",
    "teachers.temperature=1, must be left out with kind private-head",
    "teachers.hint=none, must be left out with kind private-head",
    "teachers.shardKey=k, must be left out with kind private-head",
    "queries.count=5, must be left out with teachers.kind private-head",
    "teachers.steps=0, teachers.steps must lie between",
    "teachers.clipNorm=0, teachers.clipNorm must be finite",
    "teachers.clipNorm=-1, teachers.clipNorm must be finite",
    "teachers.learningRate=0, teachers.learningRate must be finite",
    "teachers.momentum=1, teachers.momentum must be at least 0",
    "teachers.averagedShare=0, teachers.averagedShare must be greater",
    "teachers.components=0, teachers.components must lie between",
    "teachers.whiteningFloor=0, teachers.whiteningFloor must be finite",
    "teachers.batchSize=5, must be left out with kind private-head",
    "teachers.batchsize=5, unknown key",
  })
  void read_privateHeadOutOfRange_isRefused(String override, String message) {
    String error = error(HEAD, override);
    assertTrue(error.contains(message), error);
  }

  @Test
  void read_stepsOfAnEnsemble_areRefused() {
    String error = error(SHORT, "teachers.steps=60");
    assertTrue(error.contains("teachers.steps must be left out with kind ensemble"), error);
  }

  private static List<String> yamls() {
    return List.of(SHORT, DIGITS, HEAD);
  }

  @ParameterizedTest
  @MethodSource("yamls")
  void effectiveYaml_readBack_isEqualAndStable(String yaml) {
    RunConfig config = read(yaml);
    RunConfig again = read(config.effectiveYaml());
    assertEquals(config, again);
    assertEquals(config.effectiveYaml(), again.effectiveYaml());
    assertEquals(config.fingerprint(), again.fingerprint());
  }

  @Test
  void read_phasesOnLabels_areOffByDefaultAndReadBack() {
    StudentConfig.Phases none = read(DIGITS).student().phases();
    assertTrue(none.pretraining().isEmpty() && none.fineTuning().isEmpty());
    RunConfig config =
        read(
            DIGITS, "student.learningRate=0.01", "student.pretraining={}", "student.fineTuning={}");
    StudentConfig.Phases phases = config.student().phases();
    assertEquals(Optional.of(new StudentConfig.LabelPhase(6, 0.01)), phases.pretraining());
    assertEquals(Optional.of(new StudentConfig.LabelPhase(6, 0.001)), phases.fineTuning());
    assertEquals(config, read(config.effectiveYaml()));
    assertNotEquals(config.fingerprint(), read(DIGITS, "student.learningRate=0.01").fingerprint());
    assertEquals(
        config.releaseFingerprint(), read(DIGITS).releaseFingerprint(), "the release is the same");
    StudentConfig.Phases half = config.student().withEpochsShare(0.5).phases();
    assertEquals(3, half.pretraining().orElseThrow().epochs());
    assertEquals(3, half.fineTuning().orElseThrow().epochs());
  }

  @Test
  void read_auxiliary_isOffByDefaultAndReadBack() {
    assertTrue(read(SHORT).student().auxiliary().isEmpty());
    RunConfig config = read(SHORT, "student.auxiliary={}");
    LayerMatchConfig last = new LayerMatchConfig(5, MatchConfig.ofAuxiliary(5));
    assertEquals(
        Optional.of(new StudentConfig.Auxiliary(4, 1, 12, List.of(last))),
        config.student().auxiliary());
    assertEquals(config, read(config.effectiveYaml()));
    assertEquals(config.releaseFingerprint(), read(SHORT).releaseFingerprint());
    assertNotEquals(config.fingerprint(), read(SHORT).fingerprint());
    assertEquals(6, config.student().withEpochsShare(0.5).auxiliary().orElseThrow().epochs());
    RunConfig logits = read(SHORT, "student.auxiliary={matches: []}");
    assertEquals(List.of(), logits.student().auxiliary().orElseThrow().matches());
    assertEquals(logits, read(logits.effectiveYaml()));
    RunConfig crossed =
        read(SHORT, "student.auxiliary={matches: [{teacherLayer: 3, layer: 1, weight: 0.5}]}");
    LayerMatchConfig match = crossed.student().auxiliary().orElseThrow().matches().get(0);
    assertEquals(3, match.teacherLayer());
    assertEquals(1, match.match().layer());
    assertEquals(crossed, read(crossed.effectiveYaml()));
  }

  @Test
  void read_matchesAndSchedules_areReadBackFromWhatIsWritten() {
    RunConfig config =
        read(
            SHORT,
            "student.layers=[dense 8, dense 4]",
            "student.learningRateSchedule=step",
            "student.distillation={temperature: 4, finalTemperature: 1}",
            "student.hint={matches: [{layer: 1, loss: relational-distance, projection: none,"
                + " weight: 0.5, schedule: decay}, {}]}");
    assertEquals(RateSchedule.STEP, config.student().learningRateSchedule());
    assertEquals(
        new StudentConfig.Distillation(4, 1, StudentConfig.Distillation.DEFAULT.epochs()),
        config.student().phases().distillation());
    assertEquals(
        List.of(
            new MatchConfig(
                1,
                MatchLoss.RELATIONAL_DISTANCE,
                0.5,
                MatchConfig.Projection.NONE,
                WeightSchedule.DECAY),
            new MatchConfig(
                2,
                MatchLoss.SQUARED_ERROR,
                1,
                MatchConfig.Projection.LINEAR,
                WeightSchedule.CONSTANT)),
        config.student().phases().hint().orElseThrow().matches());
    assertEquals(config, read(config.effectiveYaml()));
  }

  @Test
  void teacherAugmentation_standsByDefaultOnPatches_andIsReadAndWritten() {
    assertEquals(
        Optional.of(TeacherAugmentationConfig.DEFAULT), read(SHORT).teachers().augmentation());
    assertEquals(Optional.empty(), read(DIGITS).teachers().augmentation());
    RunConfig none = read(SHORT, "teachers.augmentation=none");
    assertEquals(Optional.empty(), none.teachers().augmentation());
    RunConfig two =
        read(SHORT, "teachers.augmentation.copies=2", "teachers.augmentation.shift=0.5");
    TeacherAugmentationConfig augmentation = two.teachers().augmentation().orElseThrow();
    assertEquals(2, augmentation.copies());
    assertEquals(0.5, augmentation.distortion().shift());
    assertEquals(0.17, augmentation.distortion().rotation());
    assertEquals(none, read(none.effectiveYaml()));
    assertEquals(two, read(two.effectiveYaml()));
    for (String wrong : List.of("copies=0", "copies=101", "scale=1", "shear=-1", "turns=2")) {
      assertThrows(ConfigException.class, () -> read(SHORT, "teachers.augmentation." + wrong));
    }
  }

  @Test
  void release_keyInAStore_isReadAndWritten() {
    String[] token = {"release.key=t.conf", "release.store=pkcs11", "release.alias=curator"};
    RunConfig config = read(SHORT, token);
    assertEquals(ReleaseConfig.Store.PKCS11, config.release().store());
    assertEquals(Optional.of("curator"), config.release().alias());
    assertEquals(config, read(config.effectiveYaml()));
    assertThrows(ConfigException.class, () -> read(SHORT, "release.alias=curator"));
    assertThrows(ConfigException.class, () -> read(SHORT, "release.store=pkcs12"));
    assertThrows(
        ConfigException.class, () -> read(SHORT, "release.key=k.p12", "release.store=pkcs12"));
  }

  @Test
  void fingerprint_otherKeyOrderOrPlace_isTheSame() {
    RunConfig config = read(SHORT);
    String reversed = String.join("\n", SHORT.lines().skip(5).toList()) + "\n";
    String head = String.join("\n", SHORT.lines().limit(5).toList()) + "\n";
    assertEquals(config.fingerprint(), read(reversed + head).fingerprint());
    assertEquals(
        config.fingerprint(),
        read(SHORT, "name=other", "data.root=/elsewhere", "data.scratch=/s", "release.key=k.pem")
            .fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed=2",
        "privacy.epsilon=2.0000001",
        "privacy.ledger=run",
        "teachers.shardKey=x",
        "student.augmentation=none",
        "teachers.augmentation=none",
        "data.public.rows=0..901",
        "data.sensitive.images=e.gz"
      })
  void fingerprint_relevantKey_changes(String override) {
    assertNotEquals(
        read(SHORT).fingerprint(),
        read(SHORT.replace("900..end", "950..end"), override).fingerprint());
  }

  @Test
  void releasableYaml_leavesOutThePlacesOfTheMachine() {
    RunConfig config =
        read(
            SHORT,
            "data.root=/home/ann/secret",
            "data.scratch=/home/ann/scratch",
            "release.key=/home/ann/k.pem",
            "seed=7");
    assertEquals(Optional.of("/home/ann/scratch"), read(config.effectiveYaml()).data().scratch());
    assertFalse(config.releasableYaml().contains("/home"), config.releasableYaml());
    assertEquals(config.fingerprint(), read(config.releasableYaml()).fingerprint());
    assertEquals("letters", read(config.releasableYaml()).name());
    RunConfig elsewhere = read(SHORT, "privacy.ledger=/home/ann/ledger.db");
    assertFalse(elsewhere.releasableYaml().contains("ann"), elsewhere.releasableYaml());
    RunConfig absolute = read(SHORT, "data.sensitive.images=/home/ann/a.gz");
    assertFalse(absolute.releasableYaml().contains("ann"), absolute.releasableYaml());
    assertTrue(absolute.releasableYaml().contains("images: \"a.gz\""), absolute.releasableYaml());
  }

  @Test
  void override_setsNestedKeysAndLists_laterWins() {
    RunConfig config =
        read(
            SHORT,
            "privacy.epsilon=3",
            "privacy.epsilon=4.5",
            "student.layers=[dense 8, dense 4]",
            "student.hint.epochs=3",
            "student.augmentation=none",
            "student.augmentation.shift=1",
            "seed=-9");
    assertEquals(4.5, config.privacy().parameters().epsilon());
    assertEquals(List.of("dense 8", "dense 4"), config.student().layers());
    assertEquals(3, config.student().phases().hint().orElseThrow().epochs());
    assertEquals(1, config.student().augmentation().orElseThrow().shift());
    assertEquals(-9, config.seed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "privacy.epsilonn=1 | unknown key privacy.epsilonn; did you mean privacy.epsilon?",
        "epsilon=1 | unknown key epsilon; did you mean privacy.epsilon?",
        "teachers.cuont=5 | unknown key teachers.cuont; did you mean teachers.count?",
        "privacy.count=5 | unknown key privacy.count; did you mean queries.count?",
        "colour=red | unknown key colour",
        "privacy.epsilon=0 | privacy.epsilon must be finite and greater than 0, but is 0.0",
        "privacy.epsilon=-1 | privacy.epsilon must be finite and greater than 0, but is -1.0",
        "privacy.epsilon=.nan | privacy.epsilon must be a number, but is .nan",
        "privacy.epsilon=.inf | privacy.epsilon must be a number, but is .inf",
        "privacy.epsilon=1e999 | privacy.epsilon must be finite and greater than 0, but is Infinity",
        "privacy.epsilon='2' | privacy.epsilon must be a number, but is 2",
        "privacy.epsilon= | privacy.epsilon must be a number, but is empty",
        "privacy.epsilon=[2] | privacy.epsilon must be a number, but is a list",
        "privacy.delta=0 | privacy.delta must lie between 0 and 1, but is 0.0",
        "privacy.delta=0.001 | privacy.delta must be less than 1/data.sensitive.units = 1/1000, but is 0.001",
        "privacy.adjacency=neighbor | privacy.adjacency must be one of add-remove, replace-one, but is neighbor",
        "teachers.count=1001 | teachers.count must be at most data.sensitive.units = 1000, but is 1001",
        "teachers.count=0 | teachers.count must lie between 1 and 1000000, but is 0",
        "teachers.count=2.5 | teachers.count must be a whole number, but is 2.5",
        "teachers.count=9999999999 | teachers.count must be a whole number within 32 bits, but is 9999999999",
        "seed=99999999999999999999 | seed must be a whole number, but is 99999999999999999999",
        "seed=9999999999999999999 | seed must be a whole number within 64 bits, but is 9999999999999999999",
        "teachers=5 | teachers must be a mapping of keys to values",
        "teachers.backbone.epochs=5 | teachers.backbone.epochs must be left out with type patches",
        "teachers.backbone.type=supervised | teachers.backbone.type must be patches or standardized where data.public.publicLabels is none, but is supervised",
        "teachers.hint.clipNorm=1 | teachers.hint.budgetShare must be given, but is missing",
        "queries.count=901 | queries.count must be at most the rows of data.public = 900, but is 901",
        "student.layers=dense 8 | student.layers must be a list of texts, but is dense 8",
        "student.learningRateSchedule=linear | student.learningRateSchedule must be one of constant, cosine, step, but is linear",
        "student.hint.matches=cosine | student.hint.matches must be a list of mappings, but is cosine",
        "student.hint.matches=[{layer: 65}] | student.hint.matches[0].layer must lie between 1 and 5, but is 65",
        "student.hint.matches=[{projection: none}] | student.hint.matches[0].projection must be linear for the loss squared error, which compares entry by entry, but is none",
        "student.hint.matches=[{weight: 0}] | student.hint.matches[0].weight must be greater than 0, but is 0.0",
        "student.hint.matches=[{los: cosine}] | unknown key student.hint.matches[0].los; did you mean student.hint.matches.loss?",
        "student.pretraining={} | student.pretraining must be none where data.public.publicLabels is none, but is given",
        "student.fineTuning={epochs: 2} | student.fineTuning must be none where data.public.publicLabels is none, but is given",
        "student.fineTuning={epochs: 0} | student.fineTuning.epochs must lie between 1 and 100000, but is 0",
        "student.pretraining={learningRate: -1} | student.pretraining.learningRate must be finite and greater than 0, but is -1",
        "student.pretraining={rounds: 1} | unknown key student.pretraining.rounds; did you mean student.selfLearning.rounds?",
        "student.auxiliary={widthFactor: 1} | student.auxiliary.widthFactor must lie between 2 and 64, but is 1",
        "student.auxiliary={temperature: 0} | student.auxiliary.temperature must be finite and greater than 0, but is 0",
        "student.auxiliary={matches: [{layer: 6}]} | student.auxiliary.matches[0].layer must lie between 1 and 5, but is 6",
        "student.auxiliary={matches: [{teacherLayer: 6}]} | student.auxiliary.matches[0].teacherLayer must lie between 1 and 5, but is 6",
        "student.auxiliary={matches: [{loss: cosine}]} | student.auxiliary.matches[0].projection must be linear for the loss cosine, which compares entry by entry, but is none",
        "student.layers=[] | student.layers must lie between 1 and 64, but is 0",
        "student.layers=[5] | student.layers must be text, but is 5",
        "version=2 | version must be 1, but is 2",
        "name=a/b | name must be 1 to 128 letters, digits or . _ : - signs, but is a/b",
        "name=true | name must be text, but is true",
        "data.sensitive.units=0 | data.sensitive.units must lie between 1 and 1000000000000, but is 0",
        "data.sensitive.id=a/b | data.sensitive.id must be 1 to 128 letters, digits or . _ : - signs, but is a/b",
        "data.sensitive.privacyUnit=patient | data.sensitive.privacyUnit must be record if and only if no unitColumn is given, but is patient",
        "data.sensitive.unitColumn=id | data.sensitive.unitColumn must be left out unless the data are a table, but is id",
        "data.sensitive.format=png | data.sensitive.format must be one of builtin:digits, cifar10, csv, idx, images, mat, parquet, but is png",
        "data.sensitive.schema=s | data.sensitive.schema must be left out with format idx",
        "data.public.rows=5..2 | data.public.rows: row range must satisfy 0 <= from < to, but is 5..2",
        "data.public.rows=0-5 | data.public.rows must have the form 0..9000, 9000..end or 9000, but is 0-5",
        "data.privileged=[a] | data.privileged must be left out unless the data are tables, but is [a]",
        "data.privileged=a | data.privileged must be a list of texts, but is a",
        "data.public.publicLabels=5 | data.public.publicLabels must be none unless a file of labels is given, but is 5",
        "data.public.publicLabels=some | data.public.publicLabels must be one of all, none, but is some",
        "noequals | must have the form key=value with a dotted key",
        "a..b=1 | must have the form key=value with a dotted key",
      })
  void override_bad_oneLineNamesKeyRuleAndValue(String override, String expected) {
    String message = error(SHORT, override);
    assertEquals("override " + override + ": " + expected, message);
  }

  @Test
  void read_badFile_namesFileAndLine() {
    assertEquals(
        "run.yaml:6: unknown key privacy.epslon; did you mean privacy.epsilon?",
        error(SHORT.replace("epsilon", "epslon")));
    assertEquals(
        "run.yaml:6: key epsilon must stand once, but stands twice",
        error(SHORT.replace("delta", "epsilon")));
    assertEquals(
        "run.yaml:7: teachers.count must be given, but is missing",
        error(SHORT.replace("teachers: {count: 50}", "teachers: {}")));
    assertTrue(error(SHORT + "  x: [").startsWith("run.yaml:"));
    assertEquals(
        "run.yaml:9: must hold one YAML document, but holds more", error(SHORT + "---\nseed: 1\n"));
    assertEquals(
        "run.yaml:9: a key must be a name of letters and digits",
        error(SHORT + "39, State-gov: 1\n"));
    assertEquals("run.yaml: the configuration must be a mapping of keys to values", error(""));
    assertEquals("run.yaml: the configuration must be a mapping of keys to values", error("- 1"));
  }

  @Test
  void read_sharedRows_areRefused() {
    assertEquals(
        "run.yaml:4: data.public.rows must not meet the rows of data.evaluation in the same source,"
            + " but is 0..900 and 899..950",
        error(SHORT, "data.evaluation.rows=899..950"));
    assertEquals(
        "run.yaml:3: data.sensitive.rows must not meet the rows of data.public in the same source,"
            + " but is 0..end and 0..900",
        error(SHORT, "data.public.images=a.gz"));
  }

  @Test
  void read_aliasesAnchorsTagsAndDepth_areRefused() {
    assertEquals("run.yaml:9: anchors and aliases are not allowed", error(SHORT + "name: &a x\n"));
    assertEquals("run.yaml:9: anchors and aliases are not allowed", error(SHORT + "name: *a\n"));
    assertEquals("run.yaml:9: tags are not allowed", error(SHORT + "name: !!str x\n"));
    assertEquals(
        "run.yaml:9: must nest at most 12 levels deep",
        error(SHORT + "name: " + "[".repeat(30_000) + "\n"));
  }

  @Test
  void read_fileProblems_areOneLine(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.yaml");
    assertEquals(
        missing + ": the configuration does not exist",
        assertThrows(ConfigException.class, () -> ConfigReader.read(missing, List.of()))
            .getMessage());
    assertEquals(
        folder + ": the configuration cannot be read",
        assertThrows(ConfigException.class, () -> ConfigReader.read(folder, List.of()))
            .getMessage());
    Path big = folder.resolve("big.yaml");
    Files.writeString(big, "# " + "x".repeat(300_000));
    assertEquals(
        big + ": must hold at most 262144 bytes, but holds more",
        assertThrows(ConfigException.class, () -> ConfigReader.read(big, List.of())).getMessage());
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', (byte) 0xe4, ':', ' ', '1'});
    assertEquals(
        latin + ": must be UTF-8 text, but is not",
        assertThrows(ConfigException.class, () -> ConfigReader.read(latin, List.of()))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "1e-5, 0.00001",
    "60000, 60000",
    "1e-7, 1E-7",
    "0.1, 0.1",
    "9.83, 9.83",
    "5.684341886080802E-14, 5.6843418860808015E-14",
    "-0.0, 0",
    "4.9E-324, 4.9E-324",
    "1.7976931348623157E308, 1.7976931348623157E+308"
  })
  void shortest_readsBack(double value, String text) {
    assertEquals(text.equals("4.9E-324") ? "5E-324" : text, Decimals.shortest(value));
    assertEquals(value + 0.0, Double.parseDouble(Decimals.shortest(value)));
  }
}
