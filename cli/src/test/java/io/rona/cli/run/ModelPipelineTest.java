package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Advice;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.Planner;
import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.query.data.DataException;
import io.rona.query.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that were trained elsewhere teach a student through the ledger. */
final class ModelPipelineTest {
  private static final int TEACHERS = 4;

  @TempDir static Path shared = Path.of("");

  @BeforeAll
  static void writeModels() throws IOException {
    for (int j = 0; j < TEACHERS; j++) {
      BroughtModels.write(shared.resolve("teacher-" + j + ".onnx"), j);
    }
  }

  private static RunConfig config(String... overrides) {
    return BroughtModels.config(
        shared,
        List.of(
            "teachers.files=teacher-*.onnx",
            "teachers.count=4",
            "teachers.status=disjoint-shards",
            "queries={count: 30}"),
        overrides);
  }

  private static RunSummary run(Path home, Path out, String... overrides) throws IOException {
    return new Pipeline(new TestHome(home).surroundings())
        .execute(config(overrides), out, Progress.NONE);
  }

  private static BudgetStatus status(Path out) {
    return TestHome.status(out.resolve("ledger.db"));
  }

  @Test
  void execute_modelsOfDisjointShards_areReleasedThroughTheLedger(@TempDir Path folder)
      throws IOException {
    Path home = folder.resolve("home");
    Path out = folder.resolve("out");
    RunSummary summary = run(home, out);
    assertTrue(summary.epsilon() <= 8 && summary.epsilon() > 7.9, () -> "" + summary.epsilon());
    assertEquals(TEACHERS, summary.teachers());
    new TestHome(home).requireVerified(out.resolve("bundle"));
    assertTrue(
        TestHome.certificate(out.resolve("bundle"))
            .contains("training data of one of the 4 models at most"));
    assertTrue(
        TestHome.certificate(out.resolve("bundle")).contains("shards declared to be disjoint"));
    String released = Files.readString(out.resolve("bundle/config.yaml"));
    assertFalse(released.contains(shared.toString()), released);

    BudgetStatus before = status(out);
    assertEquals(summary, run(home, out));
    assertEquals(before, status(out), "asked once, paid once");
  }

  @Test
  void execute_publicModelAsBackbone_isDeclaredInTheCertificate(@TempDir Path folder)
      throws IOException {
    Path home = folder.resolve("home");
    Path out = folder.resolve("out");
    String[] ensemble = {
      "teachers={count: 4, backbone: {type: model, file: teacher-0.onnx, output: logits}}"
    };
    RunSummary summary = run(home, out, ensemble);
    assertEquals("ensemble", summary.teacherKind());
    String digest = Sha256.of(Files.readAllBytes(shared.resolve("teacher-0.onnx")));
    assertTrue(
        TestHome.certificate(out.resolve("bundle")).contains("a model of SHA-256 " + digest));
    assertTrue(
        TestHome.certificate(out.resolve("bundle")).contains("never saw a sensitive record"));
    new TestHome(home).requireVerified(out.resolve("bundle"));
  }

  @Test
  void execute_oneBrokenModel_spendsNothing(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(shared.resolve("text.onnx"), "no model");
    List<String> files = new ArrayList<>(List.of("teacher-0.onnx", "text.onnx"));
    DataException error =
        assertThrows(
            DataException.class,
            () ->
                run(
                    folder.resolve("home"),
                    folder.resolve("out"),
                    "teachers={kind: models, files: "
                        + files
                        + ", status: disjoint-shards,"
                        + " output: logits, scores: logits}"));
    assertEquals(text.toString(), error.file());
    assertEquals(0, status(folder.resolve("out")).committed());
  }

  @Test
  void plan_oneModelWithoutProtection_saysThatItBuysNothing() {
    Plan plan =
        Planner.plan(
            config(
                "teachers={kind: models, files: [teacher-0.onnx], status: none, output: logits,"
                    + " scores: logits}"));
    assertEquals(1, plan.teachers());
    assertEquals(Math.sqrt(2), plan.targets().l2Sensitivity(), 1e-12);
    assertTrue(plan.targets().noiseToSignal() > 1);
    assertTrue(
        plan.advice().stream()
            .anyMatch(
                advice ->
                    advice.level() == Advice.Level.WARNING
                        && advice.text().contains("one teacher buys nothing")),
        plan.advice()::toString);
  }
}
