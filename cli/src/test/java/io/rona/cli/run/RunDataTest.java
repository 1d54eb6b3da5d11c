package io.rona.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import blue.strategic.parquet.ParquetWriter;
import blue.strategic.parquet.ValueWriter;
import io.rona.cli.ExitCodes;
import io.rona.cli.config.ConfigException;
import io.rona.query.data.CsvColumn;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.FeatureColumns;
import io.rona.query.data.Indicators;
import io.rona.query.data.RowStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunDataTest {

  private static final String PRIVATE_ROW = "ann,10,90,red,low";

  @TempDir Path folder;
  private TableFiles files;

  @BeforeEach
  void writeTables() {
    files = new TableFiles(folder).small();
  }

  private RunData read(String... overrides) {
    return RunData.read(files.config(overrides), new byte[32], RowStorage.heap());
  }

  private String dataError(String... overrides) {
    DataException e = assertThrows(DataException.class, () -> read(overrides));
    assertEquals(ExitCodes.DATA, ExitCodes.of(e));
    return String.valueOf(e.getMessage());
  }

  private String configError(String... overrides) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(overrides));
    assertEquals(ExitCodes.USAGE, ExitCodes.of(e));
    return String.valueOf(e.getMessage());
  }

  @Test
  void read_tables_scalesAndTakesCategoriesFromThePublicFile() {
    RunData data = read();
    assertArrayEquals(new long[] {5}, data.sensitive().exampleShape());
    assertEquals(2, data.sensitive().classes());
    float[] expected = {0.05f, 0.06f, 0, 1, 0, 0.95f, 0.96f, 0, 0, 1};
    assertArrayEquals(
        expected, data.evaluation().features().reshape(10).toFloatVector(), 1e-7f, "scaled");
    assertEquals(
        new CsvColumn.Categorical("color", List.of("blue", "red"), false, false),
        data.table().orElseThrow().features().get(2));
    assertEquals(List.of("low", "high"), data.table().orElseThrow().classNames());
  }

  @Test
  void read_tables_knowTheirCategoricalColumns() {
    List<Indicators> color = List.of(new Indicators(3, 2));
    assertEquals(color, read().pool().examples().indicators());
    assertEquals(color, read("data.public.publicLabels=1").labeledPool().indicators());
  }

  @Test
  void read_layersThatDoNotFitTheTable_areRefusedByName() {
    assertEquals(
        "student.layers: layer 1, embed 2: its input must have a categorical column of more than 2"
            + " categories, but has none",
        configError("student.layers=[embed 2, dense 4]"));
    assertEquals(
        "student.layers: layer 1, conv 3x3x4: its input must be an image, but is 5 values",
        configError("student.layers=[conv 3x3x4]"));
    assertEquals(
        "student.layers: layer 2, lstm 4: its input must be a series, but is 8 values",
        configError("student.layers=[dense 8, lstm 4]"));
    assertEquals(
        "student.layers: layer 2, gru 4: its input must be a series, but is 3 values",
        configError("student.layers=[lstm 3, gru 4]"));
    assertTrue(configError("student.layers=[lstm 0]").endsWith("but is: lstm 0"));
    assertEquals(5, read("student.layers=[embed 1, dense 4]").pool().examples().width());
    assertEquals(5, read("student.layers=[conv1d 3x4, gru 4]").pool().examples().width());
  }

  @Test
  void read_noPublicLabels_looksAtNone() {
    RunData data = read();
    assertFalse(data.pool().examples().isLabeled());
    assertEquals(0, data.labeledPool().size());
    assertFalse(data.labels().any());
  }

  @Test
  void read_firstPublicLabel_looksAtNoOther() {
    RunData data = read("data.public.publicLabels=1");
    assertFalse(data.pool().examples().isLabeled());
    assertEquals(1, data.labeledPool().size());
    assertArrayEquals(new int[] {0}, data.labels().examples());
    assertEquals(0, data.labels().label(0));
  }

  @Test
  void read_allPublicLabels_everyOneMustBeAClass() {
    assertTrue(dataError("data.public.publicLabels=all").contains("line 3, column risk"));
  }

  @Test
  void read_publicTableWithoutLabelColumn_hasASchemaOfItsOwn() {
    files.write(
        "open.yaml",
        """
        columns:
          - {name: score, kind: numeric, min: 0, max: 100, outside: reject}
          - {name: weight, kind: numeric, min: 0, max: 100, optional: true}
          - {name: color, kind: categorical}
        """);
    files.table("bare.csv", "color,score,weight", "red,1,2", "blue,3,");
    RunData data = read("data.public.file=bare.csv", "data.public.schema=open.yaml");
    assertEquals(2, data.pool().size());
    String error =
        configError(
            "data.public.file=bare.csv",
            "data.public.schema=open.yaml",
            "data.public.publicLabels=all");
    assertTrue(error.contains("the label's classes must be declared as"), error);
  }

  @Test
  void read_unitColumn_isTheSensitiveTablesOnly() {
    files.table("open.csv", TableFiles.HEADER, ",1,2,red,-", "?,3,4,blue,-");
    RunData data = read("data.sensitive.unitColumn=person");
    assertEquals("person", data.sensitive().declaration().privacyUnit());
    assertTrue(data.pool().examples().unitIds().isEmpty());
    assertTrue(data.evaluation().unitIds().isEmpty());
  }

  @Test
  void read_unitColumn_keepsAUnitInOneShard() {
    files.table(
        "private.csv",
        TableFiles.HEADER,
        "ann,10,90,red,low",
        "ann,11,91,red,low",
        "ann,12,92,blue,high");
    RunData data = read("data.sensitive.unitColumn=person");
    List<Integer> sizes =
        data.sensitive().shards(10, new byte[] {1}).stream().map(shard -> shard.size()).toList();
    assertTrue(sizes.contains(3), sizes::toString);
  }

  @Test
  void read_unitMissingInARow_isRefused() {
    files.table("private.csv", TableFiles.HEADER, PRIVATE_ROW, ",80,20,blue,high");
    String error = dataError("data.sensitive.unitColumn=person");
    assertTrue(error.endsWith("line 3, column person: must name a unit"), error);
  }

  @ParameterizedTest
  @CsvSource({"score", "risk", "nobody"})
  void read_unitColumnOfAnotherKind_isRefused(String column) {
    String error = configError("data.sensitive.unitColumn=" + column);
    assertTrue(error.contains("data.sensitive.unitColumn must name an ignored"), error);
  }

  @Test
  void read_unitInTheSchemaAlone_isRefused() {
    files.write(
        "unit.yaml",
        """
        columns:
          - {name: person, kind: unit}
          - {name: score, kind: numeric, min: 0, max: 100, outside: reject}
          - {name: weight, kind: numeric, min: 0, max: 100, optional: true}
          - {name: color, kind: categorical}
          - {name: risk, kind: label, classes: [low, high]}
        """);
    files.table("private.csv", TableFiles.HEADER, PRIVATE_ROW);
    String error = dataError("data.sensitive.schema=unit.yaml");
    assertTrue(error.contains("its privacy unit must not be the record"), error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eve,NaN,20,red,low | column score: must hold a finite decimal number | NaN",
        "eve,1e999x,20,red,low | column score: must hold a finite decimal number | 1e999x",
        "eve,Infinity,20,red,low | column score: must hold a finite decimal number | Infinity",
        "eve,,20,red,low | column score: must hold a finite decimal number | eve",
        "eve,?,20,red,low | column score: value must not be missing | eve",
        "eve,731,20,red,low | column score: must lie in 0.0..100.0 | 731",
        "eve,10,20,teal,low | column color: must hold one of the declared categories | teal",
        "eve,10,20,red,medium | column risk: must hold one of the declared classes | medium",
        "eve,10,20,red | must have 5 cells | eve",
      })
  void read_badSensitiveRow_namesLineAndRuleAndNoContent(String row, String rule, String secret) {
    files.table("private.csv", TableFiles.HEADER, PRIVATE_ROW, row);
    String error = dataError();
    assertTrue(error.contains("line 3") && error.contains(rule), error);
    assertFalse(error.contains(secret) || error.contains("ann"), error);
  }

  @Test
  void read_otherColumn_isRefusedWithoutItsName() {
    files.table("private.csv", "person,score,weight,color,hiv", PRIVATE_ROW);
    String error = dataError();
    assertTrue(error.contains("header must name the column risk"), error);
    assertFalse(error.contains("hiv"), error);
  }

  @Test
  void read_missingFile_isADataError() {
    assertTrue(dataError("data.sensitive.file=none.csv").endsWith("does not exist"));
  }

  @Test
  void read_categoryInEvaluationAlone_isRefused() {
    files.table("held.csv", TableFiles.HEADER, "u,5,6,teal,low");
    assertTrue(dataError().contains("declared categories"));
  }

  @Test
  void read_schemaMissing_isAConfigurationError() {
    assertTrue(configError("data.public.schema=none.yaml").endsWith("the schema does not exist"));
  }

  @Test
  void read_otherNumberOfClasses_isRefused() {
    String error = configError("data.sensitive.classes=3");
    assertTrue(error.contains("data.sensitive.classes, 3, but has 2"), error);
  }

  @ParameterizedTest
  @CsvSource({
    "evaluation, 'max: 100, outside', 'max: 99, outside', columns must be declared",
    "public, 'max: 100, optional: true', 'max: 100', columns must be declared",
    "public, 'kind: categorical}', 'kind: ignored}', columns must be declared",
    "evaluation, '[low, high]', '[high, low]', the label's classes must be declared",
    "evaluation, 'kind: label, classes: [low, high]', 'kind: ignored', the label's classes must",
  })
  void read_schemasOfDifferentMeaning_areRefused(
      String set, String from, String to, String expected) {
    files.write("other.yaml", TableFiles.SCHEMA.replace(from, to));
    String error = configError("data." + set + ".schema=other.yaml");
    assertTrue(error.contains(expected), error);
    assertTrue(error.contains("other.yaml"), error);
  }

  @Test
  void read_imagesBesideATable_areRefused() {
    String error =
        configError(
            "data.evaluation={format: 'builtin:digits', rows: 10}", "student.augmentation=none");
    assertTrue(error.contains("data.evaluation.format"), error);
  }

  @Test
  void read_moreQueriesThanPublicRows_isRefused() {
    assertTrue(configError("queries.count=4").contains("at most the public examples, 3"));
  }

  @Test
  void read_publicRowsAreTheSensitiveOnes_isRefused() {
    files.table("copy.csv", TableFiles.HEADER, "a,10,90,red,-", "b,80,?,blue,-", "c,70,20,red,-");
    assertTrue(dataError("data.public.file=copy.csv").contains("same digest"));
  }

  @Test
  void read_parquetBesideCsv_holdsTheSameRows() throws IOException {
    MessageType type =
        MessageTypeParser.parseMessageType(
            "message rows {required binary person (STRING); required int32 score;"
                + " optional double weight; required binary color (STRING);"
                + " required binary risk (STRING);}");
    Path file = folder.resolve("private.parquet");
    try (ParquetWriter<List<Object>> writer =
        ParquetWriter.writeFile(type, file.toFile(), RunDataTest::write)) {
      writer.write(List.of("ann", 10, 90.0, "red", "low"));
      writer.write(List.of("ben", 80, "", "blue", "high"));
      writer.write(List.of("cyd", 70, 20.0, "red", "high"));
    }
    String parquet =
        "data.sensitive={id: private, format: parquet, file: private.parquet, schema: schema.yaml,"
            + " classes: 2, units: 600}";
    assertEquals(read().sensitive().keyedDigest(), read(parquet).sensitive().keyedDigest());
    String error = dataError(parquet, "data.sensitive.file=private.csv");
    assertTrue(error.contains("is no Parquet file"), error);
    assertFalse(error.contains("ann"), error);
  }

  private static void write(List<Object> row, ValueWriter out) {
    out.write("person", row.get(0));
    out.write("score", row.get(1));
    if (row.get(2) instanceof Double weight) {
      out.write("weight", weight);
    }
    out.write("color", row.get(3));
    out.write("risk", row.get(4));
  }

  @Test
  void read_privilegedColumns_areWithheldFromTheStudentAlone() {
    RunData data = read("data.privileged=[weight]");
    assertArrayEquals(new long[] {5}, data.pool().examples().exampleShape());
    assertEquals(FeatureColumns.of(List.of(0, 3, 4)), data.studentInputs());
    ExampleSet seen = data.studentEvaluation();
    assertArrayEquals(new long[] {3}, seen.exampleShape());
    assertArrayEquals(
        new float[] {0.05f, 1, 0, 0.95f, 0, 1},
        seen.features().reshape(6).toFloatVector(),
        1e-6f,
        "score, blue, red");
    assertArrayEquals(data.evaluation().labels(), seen.labels());
    assertEquals(FeatureColumns.ALL, read().studentInputs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[height] | must name numeric or categorical columns of the schema, but names height",
        "[person] | must name numeric or categorical columns of the schema, but names person",
        "[risk] | must name numeric or categorical columns of the schema, but names risk",
        "[score, weight, color] | must leave the student a column, but names all",
        "[weight, weight] | must name each column once",
      })
  void read_privilegedColumnsThatCannotBe_areRefused(String columns, String expected) {
    String message = configError("data.privileged=" + columns);
    assertTrue(message.contains("data.privileged " + expected), message);
  }
}
