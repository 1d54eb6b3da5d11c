package io.rona.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.DpSgdConfig;
import io.rona.cli.config.RunConfig;
import io.rona.cli.run.TestHome;
import io.rona.cli.run.Trial;
import io.rona.cli.run.TrialResult;
import io.rona.cli.run.TrialSummary;
import io.rona.cli.run.Trials;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.accounting.GaussianDp;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Students side by side on a few hundred drawn digits. */
final class TrialsTest {
  @TempDir private Path folder = Path.of("");

  private static RunConfig config(String... overrides) {
    String yaml =
        """
        version: 1
        name: small
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..300, units: 300}
          public: {id: open, format: "builtin:digits", rows: 300..400, publicLabels: 20}
          evaluation: {id: held-out, format: "builtin:digits", rows: 400..450}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers: {count: 10, backbone: {type: patches, atoms: 8, samples: 500}}
        queries: {count: 50, strategy: margin}
        student:
          layers: [dense 8]
          batchSize: 50
          distillation: {epochs: 1}
          selfLearning: {rounds: 1, epochs: 1}
        """;
    return ConfigReader.read("small.yaml", yaml, List.of(overrides));
  }

  private TrialSummary execute(List<Trial> trials, Progress progress) throws IOException {
    return new Trials(new TestHome(folder.resolve("home")).surroundings())
        .execute(trials, folder.resolve("out"), progress);
  }

  private BudgetStatus status() {
    return TestHome.status(folder.resolve("out/ledger.db"));
  }

  /** Every student but the public one is paid for, and all are paid for together. */
  @Test
  void execute_allMethodsAndTwoBudgets_paysForEachAndSaysWhatTheyCostTogether() throws IOException {
    List<Trial> trials = new ArrayList<>();
    for (Method method : EnumSet.complementOf(EnumSet.of(Method.DP_SGD))) {
      trials.addAll(method.trials(config(), List.of(2.0, 4.0)));
    }
    TrialSummary summary = execute(trials, Progress.NONE);
    assertEquals(11, summary.results().size());
    for (TrialResult result : summary.results()) {
      assertNotNull(result.studentAccuracy(), result.name());
      assertEquals(result.name().equals("public-only"), result.epsilon() == null);
    }
    double square = 0;
    for (double epsilon : new double[] {2, 4}) {
      double mu = GaussianDp.muFor(new PrivacyParameters(epsilon, 1e-4));
      square += 5 * mu * mu;
    }
    assertEquals(square, status().committed(), 1e-4 * square);
    assertEquals(0, status().outstanding());
    double together = GaussianDp.epsilon(Math.sqrt(square), 1e-4);
    assertEquals(together, summary.epsilonTogether(), 1e-3 * together);
    assertTrue(summary.epsilonTogether() >= together * (1 - 1e-6));
    assertFalse(Files.exists(folder.resolve("out/bundle")));
  }

  @Test
  void execute_stoppedAndAgain_paysOnceAndGivesTheSame() throws IOException {
    List<Trial> trials = new ArrayList<>(Method.ANSWERS.trials(config(), List.of(2.0, 4.0)));
    trials.addAll(Method.PUBLIC_ONLY.trials(config(), List.of()));
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("trials") && done == 2) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(IllegalStateException.class, () -> execute(trials, stopping));
    double spent = status().committed();
    TrialSummary first = execute(trials, Progress.NONE);
    assertEquals(first, execute(trials, Progress.NONE));
    assertEquals(spent, status().committed());
    assertEquals(2, status().commits());
    List<Trial> others = Method.GNMAX.trials(config(), List.of(1.0));
    assertThrows(ConfigException.class, () -> execute(others, Progress.NONE));
  }

  /** Variants that ask the same share the answers: the random queries alone are asked anew. */
  @Test
  void execute_ablation_sharesAnswersAndChangesOnePartEach() throws IOException {
    RunConfig base = config("student.hint={dimension: 4, epochs: 1}");
    List<Trial> trials = Ablation.trials(base);
    assertEquals(13, trials.size());
    assertEquals(0, trials.get(3).config().student().phases().selfLearning().rounds());
    assertTrue(trials.get(1).config().student().phases().hint().isEmpty());
    assertEquals(13, trials.stream().map(trial -> trial.config().fingerprint()).distinct().count());
    TrialSummary summary = execute(trials.subList(0, 5), Progress.NONE);
    assertEquals(5, summary.results().size());
    assertEquals(2, status().commits());
    String text = ComparisonText.of(summary, true, folder);
    assertTrue(text.contains("without query selection"), text);
  }

  @Test
  void trials_ofPhasesOnLabels_leaveOutEachAndBoth() {
    RunConfig base = config("student.pretraining={}", "student.fineTuning={}");
    List<String> names = Ablation.trials(base).stream().map(Trial::name).toList();
    assertEquals(
        List.of("without pretraining", "without fine-tuning", "without both"), names.subList(4, 7));
    assertEquals(
        base.student().phases().withoutPretraining().withoutFineTuning(),
        Ablation.trials(base).get(6).config().student().phases());
  }

  @Test
  void trials_ofAnAuxiliaryStudent_leaveItOut() {
    RunConfig base = config("student.auxiliary={}");
    Trial direct = Ablation.trials(base).get(4);
    assertEquals("without auxiliary student", direct.name());
    assertEquals(config().student(), direct.config().student());
  }

  @Test
  void execute_sharedLedger_isRefused() {
    List<Trial> trials = Method.ANSWERS.trials(config("privacy.ledger=shared"), List.of(1.0));
    ConfigException refused =
        assertThrows(ConfigException.class, () -> execute(trials, Progress.NONE));
    assertTrue(refused.toString().contains("privacy.ledger"), refused::toString);
    assertFalse(Files.exists(folder.resolve("out")));
  }

  private static RunConfig network(String... overrides) {
    String yaml =
        """
        version: 1
        name: small
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..300, units: 300}
          public: {id: open, format: "builtin:digits", rows: 300..400, publicLabels: 20}
          evaluation: {id: held-out, format: "builtin:digits", rows: 400..450}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers: {kind: dp-sgd, layers: [dense 8], batchSize: 50, steps: 4, blocks: 2,
                   backbone: {type: patches, atoms: 8, samples: 500}}
        student: {layers: [dense 8], batchSize: 50, distillation: {epochs: 1}, selfLearning: {rounds: 0}}
        """;
    return ConfigReader.read("small.yaml", yaml, List.of(overrides));
  }

  /** What sampled steps cost depends a little on the budget: the one of all must cover them. */
  @Test
  void execute_networksBesideAnEnsemble_paysForEachAndGoesOn() throws IOException {
    List<Trial> trials = new ArrayList<>(Method.DP_SGD.trials(network(), List.of(4.0)));
    trials.addAll(Method.DP_SGD.trials(network("teachers.batchSize=all"), List.of(4.0)));
    trials.addAll(Method.ANSWERS.trials(config(), List.of(2.0)));
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("trials") && done == 1) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(IllegalStateException.class, () -> execute(trials, stopping));
    assertEquals(2, status().commits(), "two blocks of one network");
    TrialSummary summary = execute(trials, Progress.NONE);
    assertEquals(5, status().commits(), "two blocks each, and the answers");
    assertEquals(0, status().outstanding());
    BudgetStatus status = status();
    assertTrue(status.remaining() >= 0 && status.remaining() < 0.01 * status.committed());
    double mu = GaussianDp.muFor(new PrivacyParameters(2, 1e-4));
    assertTrue(status.committed() > 2 * mu * mu, "each is paid for");
    for (TrialResult result : summary.results()) {
      assertNotNull(result.studentAccuracy(), result.name());
    }
    assertEquals("dp-sgd", summary.results().get(0).name());
    assertEquals(4, summary.results().get(1).released());
  }

  @Test
  void trials_ofDpSgd_sampleWhereTheyMay() {
    DpSgdConfig few = dpSgd(config());
    assertTrue(few.batchSize().isEmpty(), "300 records are no more than a batch");
    RunConfig many =
        config(
            "data.sensitive={id: a, format: 'builtin:digits', generatorSeed: 2, rows: 3000,"
                + " units: 3000}");
    assertEquals(2048, dpSgd(many).batchSize().orElseThrow());
    assertTrue(dpSgd(config("privacy.adjacency=replace-one")).batchSize().isEmpty());
    assertEquals(network().teachers().dpSgd().orElseThrow(), dpSgd(network()));
  }

  private static DpSgdConfig dpSgd(RunConfig base) {
    return Method.DP_SGD
        .trials(base, List.of(1.0))
        .get(0)
        .config()
        .teachers()
        .dpSgd()
        .orElseThrow();
  }

  @Test
  void execute_publicOnlyWithoutLabels_hasNoStudent() throws IOException {
    RunConfig blind = config("data.public.publicLabels=none", "queries.strategy=random");
    TrialSummary summary = execute(Method.PUBLIC_ONLY.trials(blind, List.of(1.0)), Progress.NONE);
    assertNull(summary.results().get(0).studentAccuracy());
    assertEquals(0, summary.epsilonTogether());
    assertTrue(ComparisonText.of(summary, false, folder).contains("Nothing was spent"));
  }

  @Test
  void execute_trialsThatDoNotFit_areRefused() {
    List<Trial> trials = new ArrayList<>(Method.ANSWERS.trials(config(), List.of(1.0)));
    trials.addAll(Method.ANSWERS.trials(config("seed=2"), List.of(1.0)));
    assertThrows(IllegalArgumentException.class, () -> execute(trials, Progress.NONE));
    assertThrows(IllegalArgumentException.class, () -> execute(List.of(), Progress.NONE));
  }
}
