package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.engine.Progress;
import io.rona.student.export.OnnxStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A table one of whose columns the teachers see and the student does not.
 *
 * <p>The class hangs on the difference of two columns. The student sees one of them, so that it can
 * be right more often than by chance and never as often as its teachers.
 */
final class PrivilegedPipelineTest {
  @TempDir private Path folder = Path.of("");

  private RunSummary run(String... overrides) throws IOException {
    TableFiles files = new TableFiles(folder);
    files.table("private.csv", TableFiles.drawn(1, 600));
    files.table("open.csv", TableFiles.drawn(2, 200));
    files.table("held.csv", TableFiles.drawn(3, 200));
    String[] all =
        Stream.concat(
                Stream.of(
                    "data.privileged=[weight]",
                    // Little noise: whether the student learns must not hang on one draw of it.
                    "privacy.epsilon=100",
                    "student.learningRate=0.01",
                    "student.batchSize=20",
                    "student.distillation.epochs=15"),
                Stream.of(overrides))
            .toArray(String[]::new);
    return new Pipeline(new TestHome(folder.resolve("home")).surroundings())
        .execute(files.config(all), folder.resolve("out"), Progress.NONE);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "queries={count: 200, release: answers}",
        "queries={count: 200, release: per-step}",
        "student={layers: [dense 8], batchSize: 20, learningRate: 0.01, distillation: {epochs: 15},"
            + " selfLearning: {rounds: 0}, hint: {dimension: 3, epochs: 1},"
            + " auxiliary: {widthFactor: 2}}"
      })
  void execute_theStudentLearnsWithoutTheColumn(String override) throws IOException {
    RunSummary summary =
        override.startsWith("queries") ? run(override) : run("queries.count=200", override);
    assertTrue(summary.teacherAccuracy() > 0.85, () -> "teachers " + summary.teacherAccuracy());
    double student = summary.studentAccuracy();
    assertTrue(student > 0.6 && student < summary.teacherAccuracy(), () -> "student " + student);
    Path bundle = folder.resolve("out/bundle");
    requireThreeInputs(bundle);
    new TestHome(folder.resolve("home")).requireVerified(bundle);
  }

  /** Score, and two places of the color: neither file has a place for the weight. */
  private static void requireThreeInputs(Path bundle) throws IOException {
    JsonNode table =
        JsonMapper.builder()
            .build()
            .readTree(Files.readString(bundle.resolve("preprocessing.json")))
            .get("table");
    assertEquals(3, table.get("features").asInt());
    assertFalse(table.toString().contains("weight"), table.toString());
    assertEquals(1, table.get("columns").get(1).get("firstFeature").asInt());
    try (INDArray rows = Nd4j.createFromArray(new float[][] {{0.95f, 0, 1}, {0.05f, 1, 0}});
        OnnxStudent onnx = OnnxStudent.open(bundle.resolve("student/student.onnx"));
        INDArray exported = onnx.logits(rows)) {
      ComputationGraph student =
          ComputationGraph.load(bundle.resolve("student/student.zip").toFile(), false);
      assertArrayEquals(
          student.outputSingle(rows).reshape(4).toFloatVector(),
          exported.reshape(4).toFloatVector(),
          1e-4f);
    }
  }
}
