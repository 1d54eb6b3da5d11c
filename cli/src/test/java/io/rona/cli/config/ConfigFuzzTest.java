package io.rona.cli.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text, a configuration is read or refused by a {@link ConfigException}, and soon. */
final class ConfigFuzzTest {
  private static final int ROUNDS = 1_000;
  private static final String VALID =
      """
      version: 1
      name: "letters"
      data:
        sensitive: {id: letters, format: idx, images: a.gz, labels: b.gz, classes: 10, units: 1000}
        public: {format: idx, images: c.gz, labels: d.gz, rows: 0..900, publicLabels: 30}
        evaluation: {format: idx, images: c.gz, labels: d.gz, rows: 900..end}
      privacy: {epsilon: 2, delta: 1e-5, adjacency: replace-one, ledger: run,
                budget: {epsilon: 3, delta: 1e-5}}
      teachers:
        count: 50
        backbone: {type: supervised, layers: [conv 3x3x4, maxpool 2], augmentation: none}
      queries: {count: 400, strategy: k-center}
      student: {layers: [conv 3x3x4/2], hint: {dimension: 8}, selfLearning: {rounds: 0}}
      """;
  private static final String[] TOKENS = {
    "&a ",
    "*a",
    "<<: ",
    "!!int ",
    "!!java ",
    "---\n",
    "...\n",
    "- ",
    ": ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|\n",
    ">\n",
    "%YAML 9.9\n",
    "#",
    "\t",
    "\r",
    "\u0000",
    "\ufeff",
    "\ud800",
    "NaN",
    ".inf",
    "-1",
    "1e999",
    "0x7f",
    "99999999999999999999",
    "null",
    "~",
    "version: 1\n",
    "\u2028"
  };

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void text_mutated_isReadOrRefused(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String text = mutate(random);
      try {
        ConfigReader.read("run.yaml", text, List.of());
      } catch (ConfigException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.length() < 1_000 && !message.contains("\n"), message);
        refused++;
      }
    }
    assertTrue(refused > ROUNDS / 2, refused + " refused");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void schema_mutated_isReadOrRefused(long seed, @TempDir Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path file = folder.resolve("schema.yaml");
    for (int round = 0; round < 100; round++) {
      Files.writeString(file, mutate(random).replace("\ud800", "?"));
      assertThrows(ConfigException.class, () -> CsvSchemaReader.read(file));
    }
  }

  static Stream<Arguments> bombs() {
    StringBuilder aliases = new StringBuilder("version: 1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
      String last = "*a" + (i - 1);
      aliases.append("a" + i + ": &a" + i + " [" + (last + ",").repeat(9) + last + "]\n");
    }
    String block = Stream.iterate("", s -> s + " ").limit(400).reduce("", (a, b) -> a + b + "a:\n");
    return Stream.of(
        Arguments.of("aliases of aliases", aliases.toString()),
        Arguments.of("an alias of itself", "version: &a [*a]"),
        Arguments.of("merge keys", "a: &a {version: 1}\n<<: *a"),
        Arguments.of("lists in lists", "version: " + "[".repeat(100_000)),
        Arguments.of("mappings in mappings", "{a: ".repeat(60_000)),
        Arguments.of("block mappings", block),
        Arguments.of("list entries", "- ".repeat(100_000)),
        Arguments.of("a long key", "a".repeat(200_000) + ": 1"),
        Arguments.of("a long text", VALID.replace("letters\"", "x".repeat(200_000) + "\"")),
        Arguments.of(
            "a long number", VALID.replace("epsilon: 2", "epsilon: " + "9".repeat(200_000))),
        Arguments.of("a huge exponent", VALID.replace("epsilon: 2", "epsilon: 1e999999999")),
        Arguments.of("a tiny exponent", VALID.replace("delta: 1e-5", "delta: 1e-999999999")),
        Arguments.of("many keys", VALID + keys()),
        Arguments.of("many documents", "---\n".repeat(50_000)),
        Arguments.of("escapes", VALID.replace("letters\"", "\\x00".repeat(40_000) + "\"")),
        Arguments.of("a path that climbs", VALID.replace("name: \"letters\"", "name: ../../etc")));
  }

  private static String keys() {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      keys.append("key").append(i).append(": 1\n");
    }
    return keys.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void bomb_isRefusedSoonWithAShortMessage(String name, String text) {
    ConfigException e =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () ->
                assertThrows(
                    ConfigException.class, () -> ConfigReader.read("run.yaml", text, List.of())));
    assertTrue(String.valueOf(e.getMessage()).length() < 1_000, () -> name + ": " + e);
  }

  @Test
  void file_larger_isRefusedWithoutReadingIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("run.yaml");
    Files.write(file, new byte[300 * 1024]);
    assertThrows(ConfigException.class, () -> ConfigReader.read(file, List.of()));
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
    assertThrows(ConfigException.class, () -> ConfigReader.read(file, List.of()));
  }

  private static String mutate(SplittableRandom random) {
    StringBuilder text = new StringBuilder(VALID);
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + 1 + random.nextInt(20));
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
        case 1 -> text.delete(at, end);
        case 2 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 3 -> text.insert(at, text.substring(at, end));
        default -> text.replace(at, end, TOKENS[random.nextInt(TOKENS.length)]);
      }
    }
    return text.toString();
  }

  @Test
  void valid_isRead() {
    assertFalse(ConfigReader.read("run.yaml", VALID, List.of()).name().isEmpty());
  }
}
