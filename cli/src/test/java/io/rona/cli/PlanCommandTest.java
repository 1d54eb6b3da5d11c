package io.rona.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PlanCommandTest {
  @TempDir private Path folder = Path.of("");

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("run.yaml"),
        """
        version: 1
        data:
          sensitive: {id: d, format: "builtin:digits", rows: 1000, units: 1000}
          public: {format: "builtin:digits", rows: 1000..1500}
          evaluation: {format: "builtin:digits", rows: 1500..1600}
        privacy: {epsilon: 2, delta: 1e-5}
        teachers: {count: 50}
        queries: {count: 400}
        """);
  }

  @Test
  void plan_forPeople_namesEveryFigure() throws IOException {
    CommandRun run = CommandRun.of("plan", config().toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    assertTrue(run.out().contains("epsilon 2 at delta 0.00001"), run.out());
    assertTrue(run.out().contains("add-remove adjacency, unit: record"), run.out());
    assertTrue(run.out().contains("noise multiplier"), run.out());
    assertTrue(run.out().contains("moments accountant"), run.out());
  }

  @Test
  void plan_json_isReadable() throws IOException {
    CommandRun run = CommandRun.of("plan", config().toString(), "teachers.count=1", "--json");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode tree = JsonMapper.builder().build().readTree(run.out());
    assertEquals(1, tree.get("teachers").asInt());
    assertTrue(tree.get("epsilon").asDouble() <= 2);
    assertEquals("warning", tree.get("advice").get(0).get("level").asString());
    assertTrue(tree.get("targets").get("noiseToSignal").asDouble() > 10);
  }

  @Test
  void plan_badInput_isOneLineAndExitCodeTwo() throws IOException {
    String config = config().toString();
    assertFailure(
        "rona: override privacy.epsilon=0: privacy.epsilon must be finite and greater than 0,"
            + " but is 0.0",
        CommandRun.of("plan", config, "privacy.epsilon=0"));
    assertFailure(
        "rona: override teachers.cuont=3: unknown key teachers.cuont; did you mean"
            + " teachers.count?",
        CommandRun.of("plan", config, "teachers.cuont=3"));
    assertFailure(
        "rona: " + folder + "/none.yaml: the configuration does not exist",
        CommandRun.of("plan", folder + "/none.yaml"));
  }

  private static void assertFailure(String line, CommandRun run) {
    assertEquals(line + "\n", run.err());
    assertEquals("", run.out());
    assertEquals(2, run.exitCode());
  }
}
