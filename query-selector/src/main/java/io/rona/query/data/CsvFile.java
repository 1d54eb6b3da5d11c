package io.rona.query.data;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Walks through the rows of a CSV file with its cells in the schema's order. */
final class CsvFile {
  /** The length of the longest record; a longer one is an error, so that memory is bounded. */
  static final int MAX_RECORD_CHARS = 1 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final SourceFile file;
  private final CsvSchema schema;
  private final BoundedReader reader;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private long line;

  private CsvFile(SourceFile file, CsvSchema schema) throws IOException {
    this.file = file;
    this.schema = schema;
    this.reader = new BoundedReader(decoded(file));
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(schema.delimiter())
            .setTrim(true)
            .setIgnoreEmptyLines(true)
            .get();
    this.parser = CSVParser.builder().setReader(reader).setFormat(format).get();
    this.records = parser.iterator();
  }

  /** Malformed bytes are an error and not replaced; a byte order mark is dropped. */
  private static Reader decoded(SourceFile file) throws IOException {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(file.stream(), StandardCharsets.UTF_8.newDecoder()));
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    return text;
  }

  /** Visits the rows of a range and returns the digest of the whole file. */
  static String forEach(Path path, CsvSchema schema, RowRange range, Consumer<TableRow> visitor) {
    try (SourceFile file = SourceFile.open(path)) {
      try {
        new CsvFile(file, schema).visit(range, visitor);
      } catch (UncheckedIOException e) {
        throw failure(path, Objects.requireNonNull(e.getCause()));
      } catch (IOException e) {
        throw failure(path, e);
      }
      return file.digest();
    }
  }

  /** The failures' own messages may quote the file, so they are not passed on. */
  private static DataException failure(Path path, IOException e) {
    if (e instanceof RecordTooLongException) {
      return new DataException(
          path.toString(), "has a record of more than " + MAX_RECORD_CHARS + " characters");
    }
    if (e instanceof CharacterCodingException) {
      return new DataException(path.toString(), "is not UTF-8 text");
    }
    return SourceFile.failure(path, e);
  }

  private void visit(RowRange range, Consumer<TableRow> visitor) {
    int columns = schema.columns().size();
    int[] places = schema.header() ? headerPlaces() : identity(columns);
    int row = 0;
    while (advance()) {
      CSVRecord cells = records.next();
      if (range.contains(row)) {
        if (cells.size() != columns) {
          throw file.broken("line " + line + " must have " + columns + " cells");
        }
        visitor.accept(new Row(line, cells, places));
      }
      row = Math.addExact(row, 1);
    }
    if (row <= range.from() || (!range.isOpen() && row < range.to())) {
      throw file.broken("must have the rows " + range + ", but has fewer");
    }
  }

  /** Moves to the next record and notes the line where it starts. */
  private boolean advance() {
    line = parser.getCurrentLineNumber() + 1;
    reader.startRecord();
    try {
      return records.hasNext();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CSVException) {
        throw file.broken("line " + line + " is not well-formed CSV");
      }
      throw e;
    }
  }

  private static int[] identity(int size) {
    int[] places = new int[size];
    Arrays.setAll(places, i -> i);
    return places;
  }

  /** Finds each declared column in the header; undeclared names are not printed. */
  private int[] headerPlaces() {
    if (!advance()) {
      throw file.broken("must start with a header, but is empty");
    }
    List<String> names = records.next().toList();
    int[] places = new int[schema.columns().size()];
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < places.length; i++) {
      String name = schema.columns().get(i).name();
      places[i] = names.indexOf(name);
      if (places[i] < 0) {
        throw file.broken("header must name the column " + name);
      }
      used.add(places[i]);
    }
    for (int place = 0; place < names.size(); place++) {
      if (!used.contains(place)) {
        throw file.broken(
            "header must name declared columns once; its name " + (place + 1) + " is none");
      }
    }
    return places;
  }

  /** One record. */
  private static final class Row implements TableRow {
    private final long line;
    private final CSVRecord cells;
    private final int[] places;

    private Row(long line, CSVRecord cells, int[] places) {
      this.line = line;
      this.cells = cells;
      this.places = places;
    }

    @Override
    public String place() {
      return "line " + line;
    }

    @Override
    public String cell(int column) {
      return cells.get(places[column]);
    }
  }

  private static final class RecordTooLongException extends IOException {
    @Serial private static final long serialVersionUID = 1L;
  }

  /** Stops a record that would fill the memory. */
  private static final class BoundedReader extends FilterReader {
    private long read;

    BoundedReader(Reader in) {
      super(in);
    }

    void startRecord() {
      read = 0;
    }

    @Override
    public int read() throws IOException {
      int c = super.read();
      count(c < 0 ? 0 : 1);
      return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      count(Math.max(n, 0));
      return n;
    }

    private void count(int chars) throws IOException {
      read += chars;
      if (read > MAX_RECORD_CHARS) {
        throw new RecordTooLongException();
      }
    }
  }
}
