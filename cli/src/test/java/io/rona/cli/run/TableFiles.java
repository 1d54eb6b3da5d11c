package io.rona.cli.run;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small made-up tables: two classes that two numbers and a color nearly decide. */
final class TableFiles {

  static final String HEADER = "person,score,weight,color,risk";

  static final String SCHEMA =
      """
      missing: "?"
      columns:
        - {name: person, kind: ignored}
        - {name: score, kind: numeric, min: 0, max: 100, outside: reject}
        - {name: weight, kind: numeric, min: 0, max: 100, optional: true}
        - {name: color, kind: categorical}
        - {name: risk, kind: label, classes: [low, high]}
      """;

  private final Path folder;

  TableFiles(Path folder) {
    this.folder = folder;
    write("schema.yaml", SCHEMA);
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path table(String name, String... rows) {
    return write(name, String.join("\n", rows) + "\n");
  }

  /** Three tables that fit each other. */
  TableFiles small() {
    table("private.csv", HEADER, "ann,10,90,red,low", "ben,80,?,blue,high", "cyd,70,20,red,high");
    table("open.csv", HEADER, "x,1,2,red,low", "y,99,98,blue,-", "z,50,51,red,-");
    table("held.csv", HEADER, "u,5,6,blue,low", "v,95,96,red,high");
    return this;
  }

  /** Rows with many digits, so that a value that gets out is seen. */
  static String[] drawn(long seed, int rows) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.concat(Stream.of(HEADER), IntStream.range(0, rows).mapToObj(i -> row(random, i)))
        .toArray(String[]::new);
  }

  private static String row(SplittableRandom random, int index) {
    double score = 5 + 90 * random.nextDouble();
    double weight = 5 + 90 * random.nextDouble();
    boolean red = random.nextDouble() < 0.5;
    String risk = score - weight + (red ? 15 : -15) > 0 ? "high" : "low";
    return String.format(
        Locale.ROOT,
        "unit-%016x,%.12f,%.12f,%s,%s",
        (random.nextLong() & ~0xFL) | (index % 16),
        score,
        weight,
        red ? "red" : "blue",
        risk);
  }

  /** The cells of a table that are no word of its schema. */
  static List<String> secrets(String... rows) {
    return Arrays.stream(rows)
        .skip(1)
        .flatMap(row -> Arrays.stream(row.split(",")).limit(3))
        .collect(Collectors.toList());
  }

  RunConfig config(String... overrides) {
    String yaml =
        """
        version: 1
        name: table
        data:
          sensitive: {id: private, format: csv, file: private.csv, schema: schema.yaml, classes: 2,
                      units: 600}
          public: {id: open, format: csv, file: open.csv, schema: schema.yaml}
          evaluation: {id: held-out, format: csv, file: held.csv, schema: schema.yaml}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers: {count: 10}
        queries: {count: 2}
        student:
          layers: [dense 8]
          distillation: {epochs: 2}
          selfLearning: {rounds: 1, epochs: 2}
        """;
    List<String> all =
        Stream.concat(Stream.of("data.root='" + folder + "'"), Arrays.stream(overrides)).toList();
    return ConfigReader.read("table.yaml", yaml, all);
  }
}
