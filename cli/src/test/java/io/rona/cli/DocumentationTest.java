package io.rona.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.CsvSchemaReader;
import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Advice;
import io.rona.cli.plan.Plan;
import io.rona.cli.plan.Planner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation shows works: examples plan, commands parse, links lead somewhere. */
final class DocumentationTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern PAGE = Pattern.compile("(docs/[\\w/-]+\\.md)");
  private static final Pattern COMMAND = Pattern.compile("(?:\\./)?rona (.+)");

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/examples"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !isSchema(file))
          .toList()
          .stream();
    }
  }

  static Stream<Path> schemas() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/examples"))) {
      return files.filter(DocumentationTest::isSchema).toList().stream();
    }
  }

  private static boolean isSchema(Path file) {
    return file.toString().endsWith("-schema.yaml");
  }

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      List<Path> docs = files.filter(file -> file.toString().endsWith(".md")).toList();
      Stream<Path> top =
          Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve);
      return Stream.concat(top, docs.stream());
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_readsPlansAndReadsBack(Path example) {
    RunConfig config = ConfigReader.read(example, List.of());
    assertSound(config);
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void schema_reads(Path schema) {
    assertTrue(CsvSchemaReader.read(schema).width() > 0);
  }

  @Test
  void demo_readsPlansAndReadsBack() throws IOException {
    assertSound(DemoCommand.config(List.of()));
  }

  private static void assertSound(RunConfig config) {
    assertEquals(config, ConfigReader.read("again", config.effectiveYaml(), List.of()));
    Plan plan = Planner.plan(config);
    assertTrue(plan.epsilon() <= config.privacy().parameters().epsilon());
    assertTrue(
        plan.advice().stream().noneMatch(advice -> advice.level() == Advice.Level.WARNING),
        plan.advice().toString());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_yamlReads_commandsParse(Path page) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(page));
    while (block.find()) {
      String content = block.group(2);
      if (block.group(1).equals("yaml")) {
        Planner.plan(ConfigReader.read(page.toString(), content, List.of()));
      } else if (block.group(1).equals("sh")) {
        content.lines().map(String::strip).forEach(DocumentationTest::assertParses);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_links_leadToFiles(Path page) throws IOException {
    Path folder = page.resolveSibling("");
    assertMissing(List.of(), LINK, Files.readString(page), folder);
  }

  /** Sources name pages of the project's root. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "privacy-accountant",
        "query-selector",
        "teacher-trainer",
        "student-trainer",
        "cli"
      })
  void source_pages_areThere(String module) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        assertMissing(List.of(), PAGE, Files.readString(file), ROOT);
      }
    }
  }

  @Test
  void links_toNowhere_areFound() {
    assertMissing(List.of("no/such.md"), LINK, "[a](no/such.md#x) [b](README.md)", ROOT);
  }

  private static void assertMissing(
      List<String> expected, Pattern pattern, String text, Path folder) {
    List<String> missing =
        pattern
            .matcher(text)
            .results()
            .map(link -> link.group(1))
            .filter(target -> !Files.exists(folder.resolve(target)))
            .toList();
    assertEquals(expected, missing);
  }

  private static void assertParses(String line) {
    Matcher command = COMMAND.matcher(line);
    if (command.matches()) {
      String[] args = command.group(1).replaceAll("\\s+#.*", "").replace("'", "").split(" +", -1);
      Main.commandLine().parseArgs(args);
    }
  }

  @Test
  void readme_namesTheTwoCommands() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertTrue(readme.contains("./rona demo") && readme.contains("./mvnw verify"));
    assertFalse(BLOCK.matcher(readme).results().toList().isEmpty());
  }
}
