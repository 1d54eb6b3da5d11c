package io.rona.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.CsvColumn;
import io.rona.query.data.CsvSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvSchemaReaderTest {

  @TempDir Path folder;

  private static CsvSchema read(String yaml) {
    return CsvSchemaReader.read("schema.yaml", yaml);
  }

  private static String error(String yaml) {
    String message =
        String.valueOf(assertThrows(ConfigException.class, () -> read(yaml)).getMessage());
    assertFalse(message.contains("\n"), message);
    assertTrue(message.startsWith("schema.yaml"), message);
    return message;
  }

  @Test
  void read_everyKind_takesWhatItSays() {
    CsvSchema schema =
        read(
            """
            missing: "?"
            delimiter: ;
            header: false
            columns:
              - {name: age, kind: numeric, min: 0, max: 1e2, outside: reject, optional: true}
              - {name: pay, kind: numeric, min: -1, max: 1, outside: clamp}
              - {name: job, kind: categorical, categories: [nurse, 7, true, "null"],
                 unknown: missing, optional: true}
              - {name: town, kind: categorical, unknown: reject}
              - {name: income, kind: label, classes: [0, ">50K"]}
              - {name: note, kind: ignored}
              - {name: person, kind: unit}
            """);
    List<CsvColumn> columns =
        List.of(
            new CsvColumn.Numeric("age", 0, 100, true, true),
            CsvColumn.Numeric.of("pay", -1, 1),
            new CsvColumn.Categorical("job", List.of("nurse", "7", "true", "null"), true, true),
            CsvColumn.Categorical.of("town"),
            CsvColumn.Label.of("income", "0", ">50K"),
            new CsvColumn.Ignored("note"),
            new CsvColumn.Unit("person"));
    assertEquals(new CsvSchema(columns, "?", ';', false), schema);
  }

  @Test
  void read_shortFile_fillsInDefaults() {
    assertEquals(
        CsvSchema.of(CsvColumn.Numeric.of("age", 0, 1)),
        read("columns: [{name: age, kind: numeric, min: 0, max: 1}]"));
  }

  @Test
  void read_tabAsDelimiter_isTaken() {
    assertEquals(
        '\t',
        read("{delimiter: \"\\t\", columns: [{name: a, kind: numeric, min: 0, max: 1}]}")
            .delimiter());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: numeric, max: 1 | columns[0].min must be given, but is missing",
        "kind: numeric, min: 0 | columns[0].max must be given, but is missing",
        "kind: numeric, min: low, max: 1 | columns[0].min must be a number, but is low",
        "kind: numeric, min: .nan, max: 1 | columns[0].min must be a number, but is .nan",
        "kind: numeric, min: 2, max: 1 | columns[0].min: range of column a must be finite",
        "kind: numeric, min: -1e308, max: 1e308 | columns[0].min: range of column a must be finite",
        "kind: numeric, min: 0, max: 1, outside: drop | columns[0].outside must be one of clamp, reject, but is drop",
        "kind: numeric, min: 0, max: 1, optional: maybe | columns[0].optional must be true or false, but is maybe",
        "kind: numeric, min: 0, max: 1, optional: 'true' | columns[0].optional must be true or false, but is true",
        "kind: numeric, min: 0, max: 1, classes: [x] | columns[0].classes must be left out with kind numeric",
        "kind: numeric, min: 0, max: 1, mean: 3 | unknown key columns[0].mean",
        "kind: numeric, min: 0, max: 1, catgories: [x] | unknown key columns[0].catgories; did you mean columns.categories?",
        "kind: categorical, min: 0 | columns[0].min must be left out with kind categorical",
        "kind: categorical, categories: [] | columns[0].categories must be a list of at least one value",
        "kind: categorical, categories: x | columns[0].categories must be a list of at least one value, but is x",
        "kind: categorical, categories: [x, x] | columns[0].categories: values of column a must be distinct",
        "kind: categorical, categories: [[x]] | columns[0].categories must be a word or a number",
        "kind: categorical, categories: [null] | columns[0].categories must be a word or a number",
        "kind: categorical, unknown: missing | columns[0].unknown must be reject unless optional is true",
        "kind: categorical, unknown: drop | columns[0].unknown must be one of missing, reject, but is drop",
        "kind: label | columns[0].classes: label column a must have at least 2 classes, but has 0",
        "kind: label, classes: [x] | columns[0].classes: label column a must have at least 2 classes",
        "kind: label, classes: [x, y], optional: true | columns[0].optional must be left out with kind label",
        "kind: ignored, min: 0 | columns[0].min must be left out with kind ignored",
        "kind: unit, optional: true | columns[0].optional must be left out with kind unit",
        "kind: number, min: 0 | columns[0].kind must be one of categorical, ignored, label, numeric, unit",
        "min: 0, max: 1 | columns[0].kind must be given, but is missing",
      })
  void read_badColumn_namesKeyRuleAndValue(String rest, String expected) {
    String message = error("columns:\n- {name: a, " + rest + "}\n");
    assertTrue(message.contains(expected), message);
    assertTrue(message.startsWith("schema.yaml:2: "), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "column: [] | unknown key column; did you mean columns?",
        "version: 1 | unknown key version",
        "missing: '?' | columns must be given, but is missing",
        "columns: [] | columns: schema must have at least one feature column",
        "columns: age | columns must be a list of mappings, but is age",
        "columns: [age] | columns[0] must be a mapping",
        "columns: {a: 1} | columns must be a list of mappings, but is a mapping",
        "columns: [{kind: numeric}] | columns[0].name must be given, but is missing",
        "columns: [{name: ' ', kind: ignored}] | columns[0].name must be a name",
        "columns: [{name: \"a\\nb\", kind: ignored}] | columns[0].name must be a name",
        "columns: [{name: [a], kind: ignored}] | columns[0].name must be a word or a number",
        "columns: [{name: a, kind: ignored}] | columns: schema must have at least one feature",
        "columns: [{name: a, kind: categorical}, {name: a, kind: ignored}] | names of the schema's",
        "columns: [{name: a, kind: unit}, {name: b, kind: unit}] | at most one unit column",
        "{delimiter: ';;', columns: []} | delimiter must be one character",
        "{delimiter: '\"', columns: []} | delimiter must be one character",
        "{delimiter: \"\\n\", columns: []} | delimiter must be one character",
        "{delimiter: x, columns: []} | delimiter must be one character",
        "{header: 1, columns: []} | header must be true or false, but is 1",
        "{missing: [a], columns: []} | missing must be a word or a number",
        "{missing: , columns: []} | missing must be a word or a number",
        "{missing: a, missing: b} | key missing must stand once",
        "columns: &a [] | anchors and aliases are not allowed",
        "columns: *a | anchors and aliases are not allowed",
        "columns: !!set {} | tags are not allowed",
        "columns: [ | is not valid YAML",
        "- a | the schema must be a mapping",
        "'' | the schema must be a mapping",
      })
  void read_badSchema_namesRule(String yaml, String expected) {
    String message = error(yaml);
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"age,job\n39,nurse-771\n40,\"smith-772\"\n", "39: nurse-771\n40: x\n"})
  void read_dataInPlaceOfSchema_repeatsNothing(String table) {
    String message = error(table);
    assertFalse(message.contains("77") || message.contains("39"), message);
  }

  @Test
  void readFile_missing_saysSo() {
    Path file = folder.resolve("none.yaml");
    ConfigException e = assertThrows(ConfigException.class, () -> CsvSchemaReader.read(file));
    assertTrue(String.valueOf(e.getMessage()).endsWith(": the schema does not exist"));
  }

  @Test
  void readFile_directory_isRefused() {
    assertThrows(ConfigException.class, () -> CsvSchemaReader.read(folder));
  }

  @Test
  void readFile_tooLarge_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("s.yaml"), "# " + "x".repeat(256 * 1024));
    ConfigException e = assertThrows(ConfigException.class, () -> CsvSchemaReader.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("at most 262144 bytes"));
  }

  @Test
  void readFile_notUtf8_isRefused() throws IOException {
    Path file = folder.resolve("s.yaml");
    Files.write(file, "missing: \"\u00e4\"".getBytes(StandardCharsets.ISO_8859_1));
    ConfigException e = assertThrows(ConfigException.class, () -> CsvSchemaReader.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("UTF-8"));
  }

  @Test
  void readFile_exampleOfAdult_isComplete() {
    CsvSchema schema = CsvSchemaReader.read(Path.of("../docs/examples/adult-schema.yaml"));
    assertTrue(schema.isComplete());
    assertEquals(2, schema.classes());
    assertEquals(44, schema.width());
  }
}
