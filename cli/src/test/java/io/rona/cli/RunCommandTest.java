package io.rona.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.RunConfig;
import io.rona.cli.run.RunExecutor;
import io.rona.cli.run.RunSummary;
import io.rona.query.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class RunCommandTest {
  @TempDir private Path folder = Path.of("");

  private final List<RunConfig> configs = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();

  private static RunSummary summary(boolean releasable) {
    return summary(releasable, false);
  }

  private static RunSummary summary(boolean releasable, boolean teacherReleased) {
    return new RunSummary(
        "r",
        1.5,
        1e-5,
        1.7,
        "add-remove",
        "record",
        "gaussian-dp",
        releasable,
        100,
        30,
        0.5,
        "ensemble",
        teacherReleased,
        20,
        0.98,
        0.8,
        0.9,
        0.975,
        7200L,
        0.97,
        9000,
        20000,
        450,
        20,
        44.4,
        21,
        22,
        2.1,
        0.1,
        9,
        0.4,
        new RunSummary.OnnxFile(45_678, 1, 0.05),
        new RunSummary.OnnxFile(12_345, 0.998, 0.06),
        1,
        12.3);
  }

  private CommandRun run(RunExecutor executor, String... args) {
    return CommandRun.of(Main.commandLine(notices -> executor), args);
  }

  private RunSummary record(RunConfig config, Path directory) {
    configs.add(config);
    directories.add(directory);
    return summary(true);
  }

  private String config() throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, DemoCommand.config(List.of("name=tiny")).effectiveYaml());
    return file.toString();
  }

  @Test
  void run_passesConfigurationAndDirectory_printsFigures() throws IOException {
    CommandRun run =
        run((c, d, p) -> record(c, d), "run", config(), "seed=9", "--out", folder + "/out");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(9, configs.get(0).seed());
    assertEquals(folder.resolve("out"), directories.get(0));
    assertTrue(
        run.out()
            .contains(
                "accuracy 97.00%; from public data alone a teacher has 80.00%, the same student 90.00%"),
        run.out());
    assertTrue(
        run.out().contains("learned from a heavy student of 7,200 parameters and accuracy 97.50%"),
        run.out());
    assertTrue(run.out().contains("epsilon 1.5000 at delta 0.00001, add-remove"), run.out());
    assertTrue(run.out().contains("rona verify " + folder + "/out/bundle"), run.out());
    assertFalse(run.out().contains("WARNING"), run.out());
  }

  @Test
  void run_withoutDirectory_takesTheName() throws IOException {
    assertEquals(0, run((c, d, p) -> record(c, d), "run", config()).exitCode());
    assertEquals(Path.of("runs", "tiny"), directories.get(0));
  }

  @Test
  void run_json_printsTheSummary() throws IOException {
    CommandRun run = run((c, d, p) -> record(c, d), "run", config(), "--json");
    RunSummary read = JsonMapper.builder().build().readValue(run.out(), RunSummary.class);
    assertEquals(summary(true), read);
  }

  @Test
  void run_seededNoise_isCalledUnfitForRelease() throws IOException {
    CommandRun run = run((c, d, p) -> summary(false), "run", config());
    assertTrue(run.out().contains("WARNING"), run.out());
  }

  @Test
  void run_teacherAccuracy_saysWhatWasReleased() throws IOException {
    CommandRun asked = run((c, d, p) -> summary(true, false), "run", config());
    assertTrue(
        asked.out().contains("accuracy of the teachers together, without noise: 98.00%"),
        asked.out());
    CommandRun released = run((c, d, p) -> summary(true, true), "run", config());
    assertTrue(released.out().contains("accuracy of the released model: 98.00%"), released.out());
  }

  @Test
  void run_hopelessPlan_warnsFirst() throws IOException {
    CommandRun run = run((c, d, p) -> record(c, d), "run", config(), "teachers.count=1");
    assertTrue(run.err().startsWith("rona: warning: one teacher buys nothing"), run.err());
  }

  @Test
  void run_progress_isShownInPlainLines() throws IOException {
    CommandRun run =
        run(
            (c, d, progress) -> {
              progress.update("teachers", 0, 20);
              progress.update("teachers", 20, 20);
              return summary(true);
            },
            "run",
            config());
    assertEquals("teachers: 0 of 20\nteachers: done in 0 s\n", run.err());
  }

  @Test
  void run_badData_isExitCodeFive() throws IOException {
    CommandRun run =
        run(
            (c, d, p) -> {
              throw new DataException("a.gz", "must not be truncated");
            },
            "run",
            config());
    assertEquals(5, run.exitCode());
    assertEquals("rona: a.gz: must not be truncated\n", run.err());
    assertEquals("", run.out());
  }

  @Test
  void run_badConfiguration_neverReachesTheExecutor() throws IOException {
    CommandRun run = run((c, d, p) -> record(c, d), "run", config(), "privacy.delta=0.5");
    assertEquals(2, run.exitCode());
    assertTrue(configs.isEmpty());
  }

  @Test
  void demo_runsTheBuiltInConfiguration() {
    CommandRun run = run((c, d, p) -> record(c, d), "demo");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("demo", configs.get(0).name());
    assertEquals(Path.of("rona-demo"), directories.get(0));
    assertTrue(configs.get(0).privacy().parameters().epsilon() <= 3);
    assertEquals("", run.err());
    run((c, d, p) -> record(c, d), "demo", "seed=3", "--out", "elsewhere");
    assertEquals(3, configs.get(1).seed());
    assertEquals(Path.of("elsewhere"), directories.get(1));
  }
}
