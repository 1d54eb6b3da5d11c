package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.PlanText;
import io.rona.cli.plan.Planner;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with a network trained by DP-SGD, on a few hundred drawn digits. */
final class DpSgdPipelineTest {
  private static final int BLOCKS = 2;

  @TempDir private Path folder = Path.of("");

  private static RunConfig config(String... overrides) {
    String yaml =
        """
        version: 1
        name: small
        seed: 5
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..400, units: 400}
          public: {id: open, format: "builtin:digits", rows: 400..500, publicLabels: 20}
          evaluation: {id: held-out, format: "builtin:digits", rows: 500..600}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers:
          kind: dp-sgd
          layers: [conv 5x5x4/2, group-norm 2, maxpool 2, dense 16]
          batchSize: 80
          steps: 10
          blocks: 2
          augmentation: {copies: 2}
          pretraining: {epochs: 1, augmentation: none}
          backbone: {type: patches, atoms: 8, samples: 500}
        student:
          layers: [conv 5x5x4/2, group-norm 2, maxpool 2]
          distillation: {epochs: 1}
          selfLearning: {rounds: 1, epochs: 1}
          publicBaseline: false
        """;
    return ConfigReader.read("small.yaml", yaml, List.of(overrides));
  }

  private RunSummary run(Path out, String... overrides) throws IOException {
    return new Pipeline(new TestHome(folder.resolve("home")).surroundings())
        .execute(config(overrides), out, Progress.NONE);
  }

  @Test
  void execute_sampledBatches_staysWithinBudgetAndVerifies() throws IOException {
    Path out = folder.resolve("out");
    RunSummary summary = run(out);
    assertTrue(summary.epsilon() <= 8, () -> "epsilon " + summary.epsilon());
    assertTrue(summary.epsilon() > 6, () -> "epsilon " + summary.epsilon());
    assertEquals("dp-sgd", summary.teacherKind());
    assertEquals(10, summary.queries());
    BudgetStatus status = TestHome.status(out.resolve("ledger.db"));
    assertEquals(BLOCKS, status.commits());
    assertEquals(0, status.outstanding());
    assertTrue(status.committed() > 0.99 * status.limit());
    new TestHome(folder.resolve("home")).requireVerified(out.resolve("bundle"));
    String page = Files.readString(out.resolve("bundle/report.html"));
    assertTrue(page.contains("Poisson sample of the records"), "the mechanism is not named");
  }

  @Test
  void execute_layersThatDoNotFit_areRefusedByNameBeforeTheLedgerIsThere() {
    Path out = folder.resolve("unfit");
    for (String key : List.of("teachers.layers", "student.layers")) {
      String layers = "=[conv 5x5x4/2, group-norm 3]";
      ConfigException refused = assertThrows(ConfigException.class, () -> run(out, key + layers));
      assertEquals(
          key
              + ": layer 2, group-norm 3: its groups must divide the channels of an image of 4 x 14"
              + " x 14, but are 3",
          refused.getMessage());
    }
    assertFalse(Files.exists(out.resolve("ledger.db")));
  }

  @Test
  void plan_sampledBatches_saysWhatTheyAre() {
    Plan plan = Planner.plan(config());
    assertTrue(plan.epsilon() <= 8 && plan.epsilon() > 6);
    String text = PlanText.forPeople(plan);
    assertTrue(text.contains("with probability 0.2"), text);
    assertTrue(text.contains("paid for in 2 blocks"), text);
  }

  @Test
  void plan_fullBatches_isThatOfPlainGaussianSteps() {
    Plan plan = Planner.plan(config("teachers.batchSize=all"));
    assertEquals(1, plan.targets().samplingProbability());
    assertEquals(8, plan.epsilon(), 1e-3);
  }

  @Test
  void config_readsBackAsItIsWritten() {
    for (RunConfig config : List.of(config(), config("teachers.batchSize=all"))) {
      assertEquals(config, ConfigReader.read("again", config.effectiveYaml(), List.of()));
    }
  }

  @Test
  void config_badValues_areRefusedByName() {
    assertRefused("sampling rate", "teachers.batchSize=401");
    assertRefused("privacy.adjacency", "privacy.adjacency=replace-one");
    assertRefused("privacyUnit", "data.sensitive.privacyUnit=patient");
    assertRefused("pretraining", "data.public.publicLabels=none");
    assertRefused("copies", "teachers.augmentation.copies=0");
    assertRefused("blocks", "teachers.blocks=11");
    assertRefused("optimizer", "teachers.optimizer=newton");
    assertRefused("components", "teachers.components=3");
    assertRefused("queries", "queries.count=3");
  }

  private static void assertRefused(String named, String override) {
    ConfigException refused = assertThrows(ConfigException.class, () -> config(override));
    assertTrue(String.valueOf(refused.getMessage()).contains(named), refused::toString);
  }
}
