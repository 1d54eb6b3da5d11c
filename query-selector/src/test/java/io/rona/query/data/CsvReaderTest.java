package io.rona.query.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvReaderTest {
  private static final String HEADER = "id,age,color,note,sick\n";
  private static final String ROWS =
      """
      p1,20,red,x,no
      p2,120,blue,"y, z",yes
      p1, 45 ,green,,no
      """;
  private static final CsvSchema SCHEMA =
      CsvSchema.of(
          new CsvColumn.Unit("id"),
          CsvColumn.Numeric.of("age", 0, 100),
          CsvColumn.Categorical.of("color", "red", "green", "blue"),
          new CsvColumn.Ignored("note"),
          CsvColumn.Label.of("sick", "no", "yes"));

  private final Path folder;

  CsvReaderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path write(String content) throws IOException {
    return Files.write(folder.resolve("data.csv"), content.getBytes(UTF_8));
  }

  private ExampleSet read(String content) throws IOException {
    return CsvReader.read(write(content), SCHEMA, RowRange.all(), RowStorage.heap());
  }

  private DataException fails(CsvSchema schema, String content) throws IOException {
    Path file = write(content);
    DataException error =
        assertThrows(
            DataException.class,
            () -> CsvReader.read(file, schema, RowRange.all(), RowStorage.heap()));
    assertEquals(file.toString(), error.file());
    return error;
  }

  private void assertFails(String rule, String content) throws IOException {
    assertEquals(rule, fails(SCHEMA, content).rule());
  }

  private static float[] row(ExampleSet examples, int index) {
    float[] row = new float[examples.width()];
    examples.copyFeatures(index, row, 0);
    return row;
  }

  @Test
  void read_declaredColumns_scalesClampsAndEncodes() throws IOException {
    ExampleSet examples = read(HEADER + ROWS);

    assertArrayEquals(new long[] {4}, examples.exampleShape());
    assertArrayEquals(new float[] {0.2f, 1, 0, 0}, row(examples, 0));
    assertArrayEquals(new float[] {1f, 0, 0, 1}, row(examples, 1));
    assertArrayEquals(new float[] {0.45f, 0, 1, 0}, row(examples, 2));
    assertArrayEquals(new int[] {0, 1, 0}, examples.labels());
    assertEquals(2, examples.classes());
    assertEquals(Optional.of(List.of("p1", "p2", "p1")), examples.unitIds());
  }

  @Test
  void read_sameDataWrittenOtherwise_isTheSame() throws IOException {
    String digest = read(HEADER + ROWS).contentDigest();
    String shuffled =
        """
        sick,note,color,age,id
        no,x,red,20,p1
        yes,-,blue,1.2e2,p2
        no,,green,+45.0,p1
        """;

    assertEquals(digest, read("\uFEFF" + HEADER + ROWS).contentDigest());
    assertEquals(digest, read((HEADER + ROWS).replace("\n", "\r\n")).contentDigest());
    assertEquals(digest, read(HEADER + "\n" + ROWS + "\n").contentDigest());
    assertEquals(digest, read((HEADER + ROWS).stripTrailing()).contentDigest());
    assertEquals(digest, read(shuffled).contentDigest());
  }

  @Test
  void read_gzip_isTheSameFile() throws IOException {
    Path compressed = folder.resolve("data.csv.gz");
    Files.write(compressed, IdxBytes.gzip((HEADER + ROWS).getBytes(UTF_8)));
    ExampleSet plain = read(HEADER + ROWS);

    ExampleSet unpacked = CsvReader.read(compressed, SCHEMA, RowRange.of(1, 3), RowStorage.heap());

    assertEquals(plain.slice(RowRange.of(1, 3)).contentDigest(), unpacked.contentDigest());
    assertTrue(plain.sharesRowsWith(unpacked));
    assertFalse(plain.subset(0).sharesRowsWith(unpacked));
  }

  @Test
  void read_withoutHeader_takesTheDeclaredOrder() throws IOException {
    CsvSchema schema = new CsvSchema(SCHEMA.columns(), "", ';', false);
    Path file = write(ROWS.replace(", z", " z").replace(',', ';'));

    ExampleSet examples = CsvReader.read(file, schema, RowRange.all(), RowStorage.heap());

    assertEquals(read(HEADER + ROWS).contentDigest(), examples.contentDigest());
  }

  @Test
  void read_optionalColumns_markMissingValues() throws IOException {
    CsvSchema schema =
        CsvSchema.of(
                new CsvColumn.Numeric("age", 0, 100, true, true),
                new CsvColumn.Categorical("color", List.of("red", "blue"), true, true))
            .withMissing("?");
    Path file = write("age,color\n50,?\n?,red\n0,purple\n");

    ExampleSet examples = CsvReader.read(file, schema, RowRange.all(), RowStorage.heap());

    assertArrayEquals(new float[] {0.5f, 0, 0, 0, 1}, row(examples, 0));
    assertArrayEquals(new float[] {0, 1, 1, 0, 0}, row(examples, 1));
    assertArrayEquals(new float[] {0, 0, 0, 0, 1}, row(examples, 2));
    assertFalse(examples.isLabeled());
    assertFalse(examples.unitIds().isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NaN",
        "nan",
        "Infinity",
        "-Infinity",
        "1e",
        "0x1p3",
        "1d",
        "1f",
        "1,5",
        "--1",
        "e5",
        ".",
        "1 2"
      })
  void read_cellThatIsNoNumber_fails(String cell) throws IOException {
    DataException error = fails(SCHEMA, HEADER + "p1,20,red,x,no\np1,\"" + cell + "\",red,x,no\n");

    assertEquals("line 3, column age: must hold a finite decimal number", error.rule());
  }

  @Test
  void read_hugeNumbers_areClamped() throws IOException {
    ExampleSet examples = read(HEADER + "p,1e999,red,,no\np,-1e999,red,,no\np,1e-999,red,,no\n");

    assertEquals(1f, row(examples, 0)[0]);
    assertEquals(0f, row(examples, 1)[0]);
    assertEquals(0f, row(examples, 2)[0]);
    assertFails(
        "line 2, column age: must hold a finite decimal number",
        HEADER + "p," + "9".repeat(65) + ",red,,no\n");
  }

  @Test
  void read_valueOutsideARejectingRange_fails() throws IOException {
    CsvSchema schema = CsvSchema.of(new CsvColumn.Numeric("age", 0, 100, true, false));

    assertEquals(
        "line 3, column age: must lie in 0.0..100.0", fails(schema, "age\n100\n100.5\n").rule());
    assertEquals(
        "line 2, column age: must lie in 0.0..100.0", fails(schema, "age\n-1e999\n").rule());
  }

  @Test
  void read_undeclaredValues_failWithoutThem() throws IOException {
    assertFails(
        "line 2, column color: must hold one of the declared categories",
        HEADER + "p1,20,purple,x,no\n");
    assertFails(
        "line 2, column sick: must hold one of the declared classes",
        HEADER + "p1,20,red,x,maybe\n");
    assertFails("line 2, column age: value must not be missing", HEADER + "p1,,red,x,no\n");
    assertFails("line 2, column id: must name a unit", HEADER + ",20,red,x,no\n");
    assertFails(
        "line 2, column color: must hold one of the declared categories", HEADER + "p1,20,,x,no\n");
  }

  @Test
  void read_recordWithLineBreaks_namesTheLineWhereItStarts() throws IOException {
    assertFails(
        "line 4, column age: must hold a finite decimal number",
        HEADER + "p1,20,red,\"two\nlines\",no\np1,old,red,\"a\nb\",no\n");
  }

  @Test
  void read_wrongHeader_failsWithoutItsText() throws IOException {
    assertFails("header must name the column id", ROWS);
    assertFails("header must name the column sick", "id,age,color,note\n");
    assertFails(
        "header must name declared columns once; its name 6 is none",
        "id,age,color,note,sick,secret\n");
    assertFails(
        "header must name declared columns once; its name 6 is none",
        "id,age,color,note,sick,age\n");
    assertFails("must start with a header, but is empty", "");
  }

  @Test
  void read_wrongNumberOfCells_fails() throws IOException {
    assertFails("line 3 must have 5 cells", HEADER + "p1,20,red,x,no\np1,20,red,x\n");
    assertFails("line 2 must have 5 cells", HEADER + "p1,20,red,x,no,more\n");
  }

  @Test
  void read_badQuotes_fail() throws IOException {
    assertFails("line 2 is not well-formed CSV", HEADER + "p1,20,\"red\"x,x,no\n");
    assertFails("line 2 is not well-formed CSV", HEADER + "p1,20,\"red,x,no\n");
  }

  @Test
  void read_otherEncoding_fails() throws IOException {
    Path file =
        Files.write(
            folder.resolve("latin.csv"), (HEADER + "pé,20,red,x,no\n").getBytes(ISO_8859_1));

    DataException error =
        assertThrows(
            DataException.class,
            () -> CsvReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()));
    assertEquals("is not UTF-8 text", error.rule());
  }

  @Test
  void read_rowsOutsideTheRange_areNotLookedInto() throws IOException {
    Path file = write(HEADER + "bad,row\n" + "p1,20,red,x,no\n" + "p1,NaN,purple,x,maybe\n");

    assertEquals(1, CsvReader.read(file, SCHEMA, RowRange.of(1, 2), RowStorage.heap()).size());
    for (RowRange range : new RowRange[] {RowRange.of(0, 4), RowRange.of(3, RowRange.END)}) {
      DataException error =
          assertThrows(
              DataException.class, () -> CsvReader.read(file, SCHEMA, range, RowStorage.heap()));
      assertTrue(
          error.rule().equals("must have the rows " + range + ", but has fewer")
              || error.rule().startsWith("line 2"),
          error.rule());
    }
  }

  @Test
  void read_noRows_fails() throws IOException {
    assertFails("must have the rows 0..end, but has fewer", HEADER);
  }

  @Test
  void read_endlessRecord_stops() throws IOException {
    String rule = "has a record of more than 1048576 characters";

    assertFails(rule, HEADER + "p1,20,\"" + "red\n".repeat(300_000));
    assertFails(rule, "x".repeat(1_100_000));
  }

  @Test
  void read_damagedGzip_fails() throws IOException {
    byte[] whole = IdxBytes.gzip((HEADER + ROWS.repeat(500)).getBytes(UTF_8));
    Path file = folder.resolve("cut.csv.gz");
    Files.write(file, Arrays.copyOf(whole, whole.length - 9));

    DataException error =
        assertThrows(
            DataException.class,
            () -> CsvReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()));
    assertEquals("is truncated", error.rule());
  }

  @Test
  void read_missingFile_fails() {
    Path file = folder.resolve("none.csv");

    DataException error =
        assertThrows(
            DataException.class,
            () -> CsvReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()));
    assertEquals("does not exist", error.rule());
  }

  @Test
  void read_openCategories_throws() throws IOException {
    CsvSchema open = CsvSchema.of(CsvColumn.Categorical.of("color"));
    Path file = write("color\nred\n");

    assertFalse(open.isComplete());
    assertThrows(
        IllegalArgumentException.class,
        () -> CsvReader.read(file, open, RowRange.all(), RowStorage.heap()));
  }

  @Test
  void withPublicCategories_takesThemFromThePublicRowsOnly() throws IOException {
    CsvSchema open =
        CsvSchema.of(
                CsvColumn.Numeric.of("age", 0, 1),
                new CsvColumn.Categorical("color", List.of(), true, true))
            .withMissing("?");
    Path file = write("age,color\n1,red\n1,?\n1,blue\n1,secret\n");

    CsvSchema schema = CsvReader.withPublicCategories(open, file, RowRange.of(0, 3));

    assertEquals(
        new CsvColumn.Categorical("color", List.of("blue", "red"), true, true),
        schema.columns().get(1));
    assertEquals(4, schema.width());
    assertThrows(
        DataException.class, () -> CsvReader.withPublicCategories(open, file, RowRange.of(1, 2)));
  }

  @Test
  void schema_thatContradictsItself_throws() {
    assertThrows(IllegalArgumentException.class, () -> CsvSchema.of(new CsvColumn.Unit("a")));
    CsvColumn age = CsvColumn.Numeric.of("age", 0, 1);
    assertThrows(IllegalArgumentException.class, () -> CsvSchema.of(age, age));
    assertThrows(
        IllegalArgumentException.class,
        () -> CsvSchema.of(age, new CsvColumn.Unit("a"), new CsvColumn.Unit("b")));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            CsvSchema.of(
                age, CsvColumn.Label.of("a", "0", "1"), CsvColumn.Label.of("b", "0", "1")));
    assertThrows(IllegalArgumentException.class, () -> new CsvSchema(List.of(age), "", '"', true));
    assertThrows(IllegalArgumentException.class, () -> CsvColumn.Numeric.of("age", 1, 1));
    assertThrows(IllegalArgumentException.class, () -> CsvColumn.Numeric.of("age", 0, Double.NaN));
    assertThrows(
        IllegalArgumentException.class,
        () -> CsvColumn.Numeric.of("age", -Double.MAX_VALUE, Double.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> CsvColumn.Numeric.of(" ", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> CsvColumn.Categorical.of("c", "a", "a"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CsvColumn.Categorical("c", List.of("a"), true, false));
    assertThrows(IllegalArgumentException.class, () -> CsvColumn.Label.of("y", "only"));
  }

  @Test
  void withUnit_makesAnIgnoredColumnTheUnit() {
    CsvSchema schema =
        CsvSchema.of(CsvColumn.Numeric.of("age", 0, 1), new CsvColumn.Ignored("patient"));

    assertFalse(schema.hasUnit());
    assertTrue(schema.withUnit("patient").hasUnit());
    assertThrows(IllegalArgumentException.class, () -> schema.withUnit("age"));
    assertThrows(IllegalArgumentException.class, () -> schema.withUnit("other"));
  }

  static LongStream seeds() {
    return LongStream.range(0, 8);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void read_randomDamage_readsOrFailsWithDataException(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole = (HEADER + ROWS).getBytes(UTF_8);
    for (int trial = 0; trial < 200; trial++) {
      byte[] content = damaged(random, whole);
      if (random.nextInt(4) == 0) {
        content = damaged(random, IdxBytes.gzip(content));
      }
      Path file = Files.write(folder.resolve("fuzz"), content);
      try {
        assertEquals(4, CsvReader.read(file, SCHEMA, RowRange.all(), RowStorage.heap()).width());
      } catch (DataException e) {
        assertEquals(file.toString(), e.file());
        assertTrue(e.getCause() == null, "no cause that may quote the file");
      }
    }
  }

  private static byte[] damaged(SplittableRandom random, byte[] content) {
    byte[] copy = Arrays.copyOf(content, 1 + random.nextInt(content.length + 3));
    byte[] nasty = "\",\n\r\0\u007f \t;-.eN".getBytes(UTF_8);
    for (int i = random.nextInt(5); i > 0; i--) {
      byte any = (byte) random.nextInt();
      copy[random.nextInt(copy.length)] =
          random.nextBoolean() ? nasty[random.nextInt(nasty.length)] : any;
    }
    return copy;
  }

  @Test
  void read_adult_hasItsKnownCounts() {
    Path train = SharedData.file("tabular/adult_train.csv.gz");
    Path test = SharedData.file("tabular/adult_test.csv.gz");
    CsvSchema schema = CsvReader.withPublicCategories(adult(), test, RowRange.all());

    ExampleSet examples = CsvReader.read(train, schema, RowRange.all(), RowStorage.heap());

    assertEquals(32_561, examples.size());
    assertEquals(7_841, Arrays.stream(examples.labels()).filter(label -> label == 1).count());
    assertEquals(schema.width(), examples.width());
  }

  private static CsvSchema adult() {
    return CsvSchema.of(
            CsvColumn.Numeric.of("age", 17, 90),
            open("workclass"),
            new CsvColumn.Ignored("fnlwgt"),
            open("education"),
            CsvColumn.Numeric.of("education_num", 1, 16),
            open("marital_status"),
            open("occupation"),
            open("relationship"),
            open("race"),
            open("sex"),
            CsvColumn.Numeric.of("capital_gain", 0, 99_999),
            CsvColumn.Numeric.of("capital_loss", 0, 4_356),
            CsvColumn.Numeric.of("hours_per_week", 1, 99),
            open("native_country"),
            CsvColumn.Label.of("income", "<=50K", ">50K"))
        .withMissing("?");
  }

  private static CsvColumn open(String name) {
    return new CsvColumn.Categorical(name, List.of(), true, true);
  }
}
