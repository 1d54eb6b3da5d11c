package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path with a private head, on a few hundred drawn digits. */
final class PrivateHeadPipelineTest {
  private static final int STEPS = 8;

  @TempDir private Path folder = Path.of("");

  private static RunConfig config(String... overrides) {
    String yaml =
        """
        version: 1
        name: small
        seed: 5
        data:
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..600, units: 600}
          public: {id: open, format: "builtin:digits", rows: 600..800}
          evaluation: {id: held-out, format: "builtin:digits", rows: 800..900}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers: {kind: private-head, steps: 8, backbone: {type: patches, atoms: 8, samples: 500}}
        student:
          layers: [conv 5x5x4/2, maxpool 2]
          distillation: {epochs: 1}
          selfLearning: {rounds: 1, epochs: 1}
        """;
    return ConfigReader.read("small.yaml", yaml, List.of(overrides));
  }

  private RunSummary run(Path out, Progress progress, String... overrides) throws IOException {
    return new Pipeline(new TestHome(folder.resolve("home")).surroundings())
        .execute(config(overrides), out, progress);
  }

  @Test
  void execute_stoppedBetweenSteps_goesOnSpendsOnceAndVerifies() throws IOException {
    Path out = folder.resolve("out");
    Progress stopping =
        (stage, done, total) -> {
          if (stage.equals("private head") && done == 3) {
            throw new IllegalStateException("stopped");
          }
        };
    assertThrows(IllegalStateException.class, () -> run(out, stopping));
    assertEquals(3, TestHome.status(out.resolve("ledger.db")).commits());
    RunSummary summary = run(out, Progress.NONE);
    assertTrue(summary.epsilon() <= 8, () -> "epsilon " + summary.epsilon());
    assertTrue(summary.epsilon() > 7.9, () -> "epsilon " + summary.epsilon());
    assertEquals("private-head", summary.teacherKind());
    assertEquals(STEPS, summary.queries());
    assertTrue(summary.teacherAccuracy() > 0.3, () -> "head " + summary.teacherAccuracy());
    BudgetStatus status = TestHome.status(out.resolve("ledger.db"));
    assertEquals(STEPS, status.commits());
    assertEquals(0, status.outstanding());
    new TestHome(folder.resolve("home")).requireVerified(out.resolve("bundle"));
    String summaryText = Files.readString(out.resolve("bundle/summary.json"));
    assertTrue(summaryText.contains("\"steps\" : 8"), summaryText);
    String page = Files.readString(out.resolve("bundle/report.html"));
    assertTrue(page.contains("gradients of a linear head"), "the mechanism is not named");
    assertFalse(page.contains("disjoint shards"), "another mechanism is named");
  }

  @Test
  void execute_sharedLedgerSpent_isRefusedBeforeTraining() throws IOException {
    String[] settings = {"privacy.ledger=shared", "student.selfLearning.rounds=0"};
    run(folder.resolve("first"), Progress.NONE, settings);
    Progress refusing =
        (stage, done, total) -> {
          throw new AssertionError("trained: " + stage);
        };
    assertThrows(
        BudgetExceededException.class, () -> run(folder.resolve("second"), refusing, settings));
    assertEquals(STEPS, TestHome.status(folder.resolve("home/ledger.db")).commits());
  }
}
