package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParquetReaderTest {
  private static final String COLUMNS =
      "optional binary town (STRING); required int32 age; optional double weight;"
          + " required boolean ill; required int64 person;";
  private static final CsvSchema SCHEMA =
      CsvSchema.of(
          CsvColumn.Numeric.of("age", 0, 100),
          new CsvColumn.Numeric("weight", 0, 200, true, true),
          CsvColumn.Categorical.of("town", "x", "y"),
          CsvColumn.Label.of("ill", "false", "true"),
          new CsvColumn.Ignored("person"));

  @TempDir private Path folder = Path.of("");
  private int files;

  private Path write(String columns, List<Map<String, Object>> rows) throws IOException {
    MessageType type = MessageTypeParser.parseMessageType("message rows {" + columns + "}");
    Path file = folder.resolve("rows-" + files++ + ".parquet");
    try (ParquetWriter<Map<String, Object>> writer =
        ParquetWriter.writeFile(type, file.toFile(), (row, out) -> row.forEach(out::write))) {
      for (Map<String, Object> row : rows) {
        writer.write(row);
      }
    }
    return file;
  }

  private static Map<String, Object> row(
      String town, int age, @Nullable Double weight, boolean ill) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("town", town);
    row.put("age", age);
    if (weight != null) {
      row.put("weight", weight);
    }
    row.put("ill", ill);
    row.put("person", 7_000_000_000L + age);
    return row;
  }

  private Path people() throws IOException {
    return write(
        COLUMNS,
        List.of(row("x", 20, 50.0, false), row("y", 60, null, true), row("x", 40, 1e2, true)));
  }

  private static DataException failure(Path file, Runnable read) {
    DataException error = assertThrows(DataException.class, read::run);
    assertEquals(file.toString(), error.file());
    return error;
  }

  private static String failure(Path file) {
    return failure(file, () -> ParquetReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()))
        .rule();
  }

  @Test
  void read_scalesLikeTheSameCsvFile() throws IOException {
    ExampleSet examples = ParquetReader.read(people(), SCHEMA, RowRange.all(), RowStorage.heap());
    Path csv =
        Files.writeString(
            folder.resolve("rows.csv"),
            "town,age,weight,ill,person\nx,20,50,false,1\ny,60,,true,2\nx,40,100,true,3\n");
    ExampleSet same = CsvReader.read(csv, SCHEMA, RowRange.all(), RowStorage.heap());

    assertEquals(same.contentDigest(), examples.contentDigest());
    assertArrayEquals(new int[] {0, 1, 1}, examples.labels());
    float[] row = new float[5];
    examples.copyFeatures(1, row, 0);
    assertArrayEquals(new float[] {0.6f, 0, 1, 0, 1}, row);
  }

  @Test
  void read_range_keepsThoseRowsAndKnowsTheFileAgain() throws IOException {
    Path file = people();
    ExampleSet all = ParquetReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap());
    ExampleSet tail = ParquetReader.read(file, SCHEMA, RowRange.of(1, 3), RowStorage.heap());
    assertEquals(all.slice(RowRange.of(1, 3)).contentDigest(), tail.contentDigest());
    assertTrue(tail.sharesRowsWith(all.slice(RowRange.of(2, 3))));
    assertFalse(tail.sharesRowsWith(all.slice(RowRange.of(0, 1))));
    assertTrue(
        failure(file, () -> ParquetReader.read(file, SCHEMA, RowRange.of(0, 4), RowStorage.heap()))
            .rule()
            .contains("but has fewer"));
  }

  @Test
  void read_integersAndUnits_areWords() throws IOException {
    CsvSchema schema =
        CsvSchema.of(
            CsvColumn.Numeric.of("age", 0, 100),
            new CsvColumn.Numeric("weight", 0, 200, true, true),
            new CsvColumn.Ignored("town"),
            CsvColumn.Label.of("ill", "false", "true"),
            new CsvColumn.Unit("person"));
    assertEquals(
        List.of("7000000020", "7000000060", "7000000040"),
        ParquetReader.read(people(), schema, RowRange.all(), RowStorage.heap())
            .unitIds()
            .orElseThrow());
  }

  @Test
  void withPublicCategories_takesThoseOfTheRows() throws IOException {
    CsvSchema open =
        CsvSchema.of(
            CsvColumn.Numeric.of("age", 0, 100),
            new CsvColumn.Numeric("weight", 0, 200, true, true),
            CsvColumn.Categorical.of("town"),
            new CsvColumn.Ignored("ill"),
            new CsvColumn.Ignored("person"));
    CsvSchema complete = ParquetReader.withPublicCategories(open, people(), RowRange.of(0, 2));
    assertEquals(CsvColumn.Categorical.of("town", "x", "y"), complete.columns().get(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "required int32 age; | required binary age (STRING); | column age must be stored as integers",
        "required int32 age; | required int32 age (DATE); | column age must be stored as integers",
        "required int32 age; | required int32 age (DECIMAL(9,2)); | column age must be stored as",
        "required int32 age; | required boolean age; | column age must be stored as integers",
        "required int32 age; | repeated int32 age; | column age must hold one plain value a row",
        "required int32 age; | required group age {required int32 a;} | column age must hold one",
        "required boolean ill; | required double ill; | column ill must be stored as text",
        "optional binary town (STRING); | optional binary town; | column town must be stored as text",
        "required int32 age; | required int32 secret; | the declared columns and no others",
        "required int32 age; | '' | must have the column age",
      })
  void read_columnOfAnotherType_isRefusedBeforeARowIsRead(String from, String to, String expected)
      throws IOException {
    Path file = write(COLUMNS.replace(from, to), List.of());
    DataException error =
        failure(file, () -> ParquetReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()));
    assertTrue(error.rule().contains(expected), error.rule());
    assertFalse(error.rule().contains("secret"), error.rule());
  }

  @ParameterizedTest
  @CsvSource({
    "z, 20, 50, 'row 1, column town: must hold one of the declared categories'",
    "x, 20, 500, 'row 1, column weight: must lie in'",
    "x, 20, NaN, 'row 1, column weight: must hold a finite decimal number'",
  })
  void read_valueOutsideTheSchema_namesTheRowAndNotTheValue(
      String town, int age, double weight, String expected) throws IOException {
    Path file = write(COLUMNS, List.of(row("x", 1, 1.0, true), row(town, age, weight, true)));
    String rule = failure(file);
    assertTrue(rule.contains(expected), rule);
    assertFalse(rule.contains("500") || rule.contains("NaN"), rule);
  }

  @Test
  void read_truncatedOrForeign_fails() throws IOException {
    byte[] whole = Files.readAllBytes(people());
    for (int length = 0; length < whole.length; length += 7) {
      Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
      assertTrue(failure(cut).contains("is no Parquet file, or is damaged"), "length " + length);
    }
    Path missing = folder.resolve("missing.parquet");
    assertEquals("does not exist", failure(missing));
  }

  @Test
  void read_damagedByte_failsOrReadsWithinTheSchema() throws IOException {
    byte[] whole = Files.readAllBytes(people());
    for (int at = 4; at < whole.length; at += 3) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Path file = Files.write(folder.resolve("damaged.parquet"), damaged);
      try {
        assertEquals(
            2, ParquetReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()).classes());
      } catch (DataException e) {
        assertEquals(file.toString(), e.file());
      }
    }
  }
}
