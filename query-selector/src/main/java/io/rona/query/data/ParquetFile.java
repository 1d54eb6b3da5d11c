package io.rona.query.data;

import blue.strategic.parquet.Hydrator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Walks through the rows of a Parquet file with its values as text in the schema's order. */
final class ParquetFile {
  private final Path path;
  private final CsvSchema schema;
  private final Map<String, Integer> places = new HashMap<>();

  private ParquetFile(Path path, CsvSchema schema) {
    this.path = path;
    this.schema = schema;
    for (int i = 0; i < schema.columns().size(); i++) {
      places.put(schema.columns().get(i).name(), i);
    }
  }

  /** Visits the rows of a range and returns the digest of the whole file. */
  static String forEach(Path path, CsvSchema schema, RowRange range, Consumer<TableRow> visitor) {
    String digest = digest(path);
    try {
      new ParquetFile(path, schema).visit(range, visitor);
      return digest;
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Damaged input makes the reader fail in many ways; its messages may quote the file.
      throw new DataException(
          path.toString(),
          "is no Parquet file, or is damaged (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static String digest(Path path) {
    try (SourceFile file = SourceFile.open(path);
        InputStream in = file.stream()) {
      in.transferTo(OutputStream.nullOutputStream());
      return file.digest();
    } catch (IOException e) {
      throw SourceFile.failure(path, e);
    }
  }

  private void visit(RowRange range, Consumer<TableRow> visitor) throws IOException {
    ParquetMetadata metadata = blue.strategic.parquet.ParquetReader.readMetadata(path.toFile());
    requireColumns(metadata.getFileMetaData().getSchema());
    int to = range.endIn(path.toString(), rows(metadata));
    try (blue.strategic.parquet.ParquetReader<String[], String[], String[]> rows =
        blue.strategic.parquet.ParquetReader.spliterator(path.toFile(), new Cells())) {
      List<String[]> one = new ArrayList<>(1);
      for (int row = 0; row < to; row++) {
        one.clear();
        // The row is visited after the call, which would hide what the visitor throws.
        if (!rows.tryAdvance(one::add)) {
          throw new DataException(path.toString(), "is truncated");
        }
        if (row >= range.from()) {
          visitor.accept(new Row(row, one.get(0)));
        }
      }
    }
  }

  private int rows(ParquetMetadata metadata) {
    long rows = metadata.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
    if (!(rows >= 0 && rows < RowRange.END)) {
      throw new DataException(path.toString(), "must have fewer than 2^31 - 1 rows");
    }
    return (int) rows;
  }

  /** The columns must be those of the schema, and of types that fit it. */
  private void requireColumns(MessageType found) {
    for (Type field : found.getFields()) {
      if (!places.containsKey(field.getName())) {
        throw new DataException(path.toString(), "must have the declared columns and no others");
      }
    }
    for (CsvColumn column : schema.columns()) {
      if (!found.containsField(column.name())) {
        throw new DataException(path.toString(), "must have the column " + column.name());
      }
      requireType(column, found.getType(column.name()));
    }
  }

  private void requireType(CsvColumn column, Type type) {
    if (column instanceof CsvColumn.Ignored && type.isPrimitive()) {
      return;
    }
    if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
      throw wrong(column, "must hold one plain value a row");
    }
    PrimitiveType plain = type.asPrimitiveType();
    boolean numeric = column instanceof CsvColumn.Numeric;
    if (numeric ? !isNumber(plain) : !isWord(plain)) {
      throw wrong(
          column,
          numeric
              ? "must be stored as integers or floating-point numbers"
              : "must be stored as text, integers or booleans");
    }
  }

  private static boolean isInteger(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    boolean plain =
        logical == null
            || (logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation sized
                && sized.isSigned());
    return plain
        && (type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32
            || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT64);
  }

  private static boolean isNumber(PrimitiveType type) {
    return isInteger(type)
        || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.FLOAT
        || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.DOUBLE;
  }

  private static boolean isWord(PrimitiveType type) {
    return isInteger(type)
        || type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BOOLEAN
        || type.getLogicalTypeAnnotation()
            instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
        || type.getLogicalTypeAnnotation()
            instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
  }

  private DataException wrong(CsvColumn column, String rule) {
    return new DataException(path.toString(), "column " + column.name() + " " + rule);
  }

  /** Collects the values of one row; those that never come are missing. */
  private final class Cells implements Hydrator<String[], String[], String[]> {
    @Override
    public String[] start() {
      String[] cells = new String[places.size()];
      Arrays.fill(cells, schema.missing());
      return cells;
    }

    @Override
    public String[] add(String[] cells, String[] heading, Object value) {
      Integer place = places.get(String.join(".", List.of(heading)));
      if (place != null && value != null) {
        cells[place] = value.toString().strip();
      }
      return cells;
    }

    @Override
    public String[] finish(String[] cells) {
      return cells;
    }
  }

  /** One row. */
  private static final class Row implements TableRow {
    private final int row;
    private final String[] cells;

    private Row(int row, String[] cells) {
      this.row = row;
      this.cells = cells;
    }

    @Override
    public String place() {
      return "row " + row;
    }

    @Override
    public String cell(int column) {
      return cells[column];
    }
  }
}
