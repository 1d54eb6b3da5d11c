package io.rona.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CompareCommandTest {
  private static final String YAML =
      """
      version: 1
      name: small
      data:
        sensitive: {id: drawn, format: "builtin:digits", rows: 0..200, units: 200}
        public: {id: open, format: "builtin:digits", rows: 200..260, publicLabels: 20}
        evaluation: {id: held-out, format: "builtin:digits", rows: 260..300}
      privacy: {epsilon: 8, delta: 1e-3, ledger: run}
      teachers: {count: 5, backbone: {type: patches, atoms: 8, samples: 500}}
      queries: {count: 40}
      student: {layers: [dense 8], selfLearning: {rounds: 0}}
      """;

  @TempDir private Path folder = Path.of("");

  private record Outcome(int code, String out, String err) {}

  private Outcome run(String... options) throws IOException {
    Path config = folder.resolve("small.yaml");
    Files.writeString(config, YAML);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> arguments = new ArrayList<>(List.of("compare", config.toString()));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("--out", folder.resolve("out").toString()));
    int code = commandLine.execute(arguments.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  @Test
  void compare_withoutTheDeclaration_isRefusedAndTouchesNothing() throws IOException {
    Outcome outcome = run("--epsilons", "1");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("--public-data"), outcome.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--methods=oracle",
        "--variants=without hints",
        "--epochs-share=0",
        "--epochs-share=NaN",
        "--epsilons=0",
        "--epsilons=x",
        "teachers.kind=private-head"
      })
  void compare_wrongOptions_areRefused(String option) throws IOException {
    Outcome outcome = run("--public-data", option);
    assertEquals(2, outcome.code(), outcome.err());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void compare_twoMethods_writesTablePageAndFigures() throws IOException {
    Outcome outcome =
        run(
            "--public-data",
            "--methods=answers,public-only",
            "--epsilons=4,8",
            "--epochs-share=0.3");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("answers"), outcome.out());
    assertTrue(outcome.out().contains("Looking at all of these together"), outcome.out());
    String page = Files.readString(folder.resolve("out/comparison.html"));
    assertEquals(2, page.split("<polyline", -1).length - 1);
    assertTrue(page.contains("not for release"), page);
    String figures = Files.readString(folder.resolve("out/comparison.json"));
    assertTrue(figures.contains("\"epsilonTogether\""), figures);
    Outcome again =
        run(
            "--public-data",
            "--methods=answers,public-only",
            "--epsilons=4,8",
            "--epochs-share=0.3",
            "--json");
    assertEquals(figures, again.out());
  }

  @Test
  void compare_oneVariant_hasItAndTheConfigurationItself() throws IOException {
    Outcome wrong = run("--public-data", "--ablation", "--variants=without sense");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("one of as configured, without hints,"), wrong.err());
    Outcome outcome =
        run(
            "--public-data",
            "--ablation",
            "--variants=without pretraining",
            "--epochs-share=0.2",
            "student.pretraining={}");
    assertEquals(0, outcome.code(), outcome.err());
    List<String> rows = outcome.out().lines().takeWhile(line -> !line.isEmpty()).toList();
    assertEquals(2, rows.size(), outcome.out());
    assertTrue(rows.get(0).startsWith("as configured "), outcome.out());
    assertTrue(rows.get(1).startsWith("without pretraining "), outcome.out());
  }
}
