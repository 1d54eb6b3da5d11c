package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.ExitCodes;
import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.PlanText;
import io.rona.cli.plan.Planner;
import io.rona.privacy.Sha256;
import io.rona.privacy.accounting.PrivacyAccounting;
import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.query.data.DataException;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that was trained elsewhere with differential privacy teaches a student. */
final class AdmittedModelPipelineTest {
  private static final double DELTA = 1e-4;
  private static final SelfComposedEvent DECLARED =
      new SelfComposedEvent(new PoissonSampledGaussianEvent(0.05, 1.2), 200);

  @TempDir static Path shared = Path.of("");

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void writeModel() throws IOException {
    BroughtModels.write(shared.resolve("model.onnx"), 1);
    Files.writeString(shared.resolve("statement.txt"), "Opacus: q 0.05, sigma 1.2, 200 steps");
  }

  private static RunConfig config(String... overrides) {
    return BroughtModels.config(
        shared,
        List.of(
            "teachers.files=[model.onnx]",
            "teachers.status=dp",
            "teachers.dp={samplingProbability: 0.05, noiseMultiplier: 1.2, steps: 200, statement: statement.txt}"),
        overrides);
  }

  private TestHome home() {
    return new TestHome(folder.resolve("home"));
  }

  private RunSummary run(Progress progress, String... overrides) throws IOException {
    return new Pipeline(home().surroundings())
        .execute(config(overrides), folder.resolve("out"), progress);
  }

  private BudgetStatus status() {
    return TestHome.status(folder.resolve("out/ledger.db"));
  }

  private static Progress stoppingAtDistillation() {
    return (stage, done, total) -> {
      if (stage.contains("distillation")) {
        throw new IllegalStateException("stopped");
      }
    };
  }

  @Test
  void execute_stoppedAndTakenUp_paysTheDeclaredStepsOnceAndVerifies() throws IOException {
    assertThrows(IllegalStateException.class, () -> run(stoppingAtDistillation()));
    double paid = status().committed();
    assertEquals(1, status().commits());
    RunSummary summary = run(Progress.NONE);
    assertEquals(paid, status().committed());
    assertEquals(1, status().commits());
    assertEquals(0, status().outstanding());
    assertEquals(PrivacyAccounting.epsilon(DECLARED, DELTA).epsilon(), summary.epsilon());
    assertEquals(200, summary.queries());
    Path bundle = folder.resolve("out/bundle");
    home().requireVerified(bundle);

    String said = TestHome.certificate(bundle);
    String model = Sha256.of(Files.readAllBytes(shared.resolve("model.onnx")));
    String statement = Sha256.of(Files.readAllBytes(shared.resolve("statement.txt")));
    assertTrue(said.contains(model) && said.contains(statement), said);
    assertTrue(said.contains("whoever trained it declares it"), said);
    assertTrue(said.contains("outside of this program, as declared"), said);
    assertFalse(said.contains("exactly to a public grid"), "noise is claimed that is not ours");
    assertFalse(Files.readString(bundle.resolve(BundleFiles.CONFIG)).contains(shared.toString()));

    Path ledger = bundle.resolve(BundleFiles.LEDGER);
    String extract = Files.readString(ledger);
    String tampered = extract.replace("1.2", "1.3");
    assertFalse(tampered.equals(extract), "the noise stands in the extract");
    Files.writeString(ledger, tampered);
    assertFalse(home().verifier().verify(bundle).passed());
  }

  @Test
  void execute_budgetTooSmall_isRefusedBeforeAnything() throws IOException {
    Progress refusing =
        (stage, done, total) -> {
          assertEquals("models", stage, "trained");
        };
    for (String[] limits :
        List.of(
            new String[] {"privacy.epsilon=1"},
            new String[] {"privacy.epsilon=8", "privacy.budget={epsilon: 1, delta: 1e-4}"})) {
      BudgetExceededException refused =
          assertThrows(BudgetExceededException.class, () -> run(refusing, limits));
      assertEquals(ExitCodes.BUDGET, ExitCodes.of(refused));
      assertEquals(0, status().committed() + status().outstanding());
      folder = Files.createDirectory(folder.resolve("next"));
    }
  }

  @Test
  void execute_statementMissingOrEmpty_spendsNothing() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.txt"), " \n");
    for (Path statement : List.of(shared.resolve("none.txt"), empty)) {
      DataException error =
          assertThrows(
              DataException.class, () -> run(Progress.NONE, "teachers.dp.statement=" + statement));
      assertEquals(statement.toString(), error.file());
      assertEquals(ExitCodes.DATA, ExitCodes.of(error));
      assertEquals(0, status().committed() + status().outstanding());
      folder = Files.createDirectory(folder.resolve("next"));
    }
  }

  @Test
  void plan_showsWhatTheDeclaredStepsCost() {
    Plan plan = Planner.plan(config());
    assertEquals(PrivacyAccounting.epsilon(DECLARED, DELTA).epsilon(), plan.epsilon());
    assertEquals(1.2, plan.targets().noiseMultiplier());
    assertEquals(0.05, plan.targets().samplingProbability());
    String text = PlanText.forPeople(plan);
    assertTrue(text.contains("a model that was trained elsewhere"), text);
    assertTrue(text.contains("200, noise multiplier 1.2"), text);
    assertFalse(text.contains("exit code 3"), text);
    String costly = PlanText.forPeople(Planner.plan(config("privacy.epsilon=1")));
    assertTrue(costly.contains("more than privacy.epsilon allows"), costly);
  }

  /** Replacing one unit moves a sum of clipped gradients by two clip norms. */
  @Test
  void plan_fullBatchUnderReplaceOne_countsTheNoiseHalf() {
    String[] full = {
      "teachers.dp={noiseMultiplier: 60, steps: 200, statement: s}", "privacy.adjacency=add-remove"
    };
    Plan one = Planner.plan(config(full));
    full[1] = "privacy.adjacency=replace-one";
    Plan two = Planner.plan(config(full));
    assertEquals(
        PrivacyAccounting.epsilon(new SelfComposedEvent(new GaussianEvent(60), 200), DELTA)
            .epsilon(),
        one.epsilon(),
        1e-12);
    assertEquals(
        PrivacyAccounting.epsilon(new SelfComposedEvent(new GaussianEvent(30), 200), DELTA)
            .epsilon(),
        two.epsilon(),
        1e-12);
  }
}
