package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.engine.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole path on a small made-up table. */
final class TablePipelineTest {

  private static final String[] PRIVATE = TableFiles.drawn(1, 600);

  @TempDir static Path folder;
  private static RunSummary summary;

  @BeforeAll
  static void runOnce() throws IOException {
    TableFiles files = new TableFiles(folder);
    files.table("private.csv", PRIVATE);
    files.table("open.csv", TableFiles.drawn(2, 200));
    files.table("held.csv", TableFiles.drawn(3, 200));
    summary =
        new Pipeline(new TestHome(folder.resolve("home")).surroundings())
            .execute(
                files.config(
                    "queries.count=200",
                    // Little noise: whether the student learns must not hang on one draw of it.
                    "privacy.epsilon=100",
                    "data.sensitive.unitColumn=person",
                    "student.layers=[embed 1, dense 16]",
                    "student.learningRate=0.01",
                    "student.distillation.epochs=20"),
                folder.resolve("out"),
                Progress.NONE);
  }

  private static Path bundle() {
    return folder.resolve("out/bundle");
  }

  private static JsonNode json(String file) throws IOException {
    return JsonMapper.builder().build().readTree(Files.readString(bundle().resolve(file)));
  }

  @Test
  void execute_table_bundleVerifies() {
    new TestHome(folder.resolve("home")).requireVerified(bundle());
  }

  @Test
  void execute_table_studentLearnsWithinTheBudget() {
    assertTrue(summary.epsilon() <= 100, () -> "epsilon " + summary.epsilon());
    assertEquals("person", summary.privacyUnit());
    assertTrue(summary.teacherAccuracy() > 0.85, () -> "teachers " + summary.teacherAccuracy());
    // A blind guess is right half the time.
    assertTrue(summary.studentAccuracy() > 0.65, () -> "student " + summary.studentAccuracy());
  }

  @Test
  void execute_table_noSensitiveCellIsInTheBundle() throws IOException {
    List<String> secrets = TableFiles.secrets(PRIVATE);
    assertEquals(1800, secrets.size());
    int seen = 0;
    try (var files = Files.walk(bundle())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        requireNone(file.toString(), bytes, secrets);
        seen += file.toString().endsWith(".zip") ? requireNoneInZip(file, bytes, secrets) : 1;
      }
    }
    assertTrue(seen > 8, "files and zip entries looked into: " + seen);
  }

  private static int requireNoneInZip(Path file, byte[] bytes, List<String> secrets)
      throws IOException {
    int entries = 0;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        requireNone(file + "!" + entry.getName(), zip.readAllBytes(), secrets);
        entries++;
      }
    }
    return entries;
  }

  private static void requireNone(String name, byte[] bytes, List<String> secrets) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (String secret : secrets) {
      assertFalse(text.contains(secret), () -> "a sensitive cell stands in " + name);
    }
  }

  @Test
  void secrets_inAText_areFound() {
    List<String> secrets = TableFiles.secrets(PRIVATE);
    assertTrue(String.join(" ", PRIVATE).contains(secrets.get(1799)));
  }

  @Test
  void labels_areTheSchemasClasses() throws IOException {
    assertEquals("[\"low\",\"high\"]", json("labels.json").toString());
  }

  @Test
  void preprocessing_saysWhatEachFeatureIs() throws IOException {
    JsonNode table = json("preprocessing.json").get("table");
    assertEquals(5, table.get("features").asInt());
    assertEquals("?", table.get("missing").asString());
    assertEquals(
        "{\"name\":\"weight\",\"kind\":\"numeric\",\"min\":0.0,\"max\":100.0,\"outside\":\"clamp\","
            + "\"optional\":true,\"firstFeature\":1,\"width\":2}",
        table.get("columns").get(1).toString());
    assertEquals(
        "{\"name\":\"color\",\"kind\":\"categorical\",\"categories\":[\"blue\",\"red\"],"
            + "\"unknown\":\"reject\",\"optional\":false,\"firstFeature\":3,\"width\":2}",
        table.get("columns").get(2).toString());
    assertFalse(table.toString().contains("person"));
  }

  @Test
  void student_takesRowsAsPreprocessingDescribesThem() throws IOException {
    ComputationGraph student =
        ComputationGraph.load(bundle().resolve("student/student.zip").toFile(), false);
    float[][] rows = {{0.95f, 0.05f, 0, 0, 1}, {0.05f, 0.95f, 0, 1, 0}};
    try (INDArray logits = student.outputSingle(Nd4j.createFromArray(rows))) {
      assertArrayEquals(new long[] {2, 2}, logits.shape());
      assertArrayEquals(new int[] {1, 0}, logits.argMax(1).toIntVector(), "high, then low");
    }
  }
}
