package io.rona.query.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Walks once through the arrays of a MATLAB file of version 5 to 7, compressed or not.
 *
 * <p>Source of the form: MathWorks, MAT-File Format, chapter 1, "Level 5 MAT-Files". Integers of
 * either byte order are read. Files of version 7.3 are HDF5 files and are refused.
 */
final class MatFile {
  private static final int HEADER_BYTES = 128;
  private static final int VERSION_AT = 124;
  private static final int VERSION_5 = 0x0100;
  private static final int VERSION_73 = 0x0200;

  private static final int INT8 = 1;
  private static final int UINT8 = 2;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;

  private static final int CLASS_MASK = 0xff;
  private static final int COMPLEX_FLAG = 0x0800;
  private static final int FIRST_NUMERIC_CLASS = 6;
  private static final int LAST_NUMERIC_CLASS = 15;

  /** Arrays have at most this many dimensions here, and names this many characters. */
  private static final int MAX_DIMENSIONS = 16;

  private static final int MAX_NAME_BYTES = 256;

  private final SourceFile file;
  private final ByteOrder order;

  private MatFile(SourceFile file) {
    this.file = file;
    byte[] header = new byte[HEADER_BYTES];
    file.readFully(header);
    this.order = orderOf(file, header);
    int version = Short.toUnsignedInt(ByteBuffer.wrap(header).order(order).getShort(VERSION_AT));
    if (version == VERSION_73) {
      throw file.broken("is a MATLAB file of version 7.3; save it as version 7 (save -v7)");
    }
    if (version != VERSION_5) {
      throw notMat(file);
    }
  }

  private static ByteOrder orderOf(SourceFile file, byte[] header) {
    String mark = new String(header, HEADER_BYTES - 2, 2, StandardCharsets.ISO_8859_1);
    return switch (mark) {
      case "IM" -> ByteOrder.LITTLE_ENDIAN;
      case "MI" -> ByteOrder.BIG_ENDIAN;
      default -> throw notMat(file);
    };
  }

  private static DataException notMat(SourceFile file) {
    return file.broken("is no MATLAB file of version 5 to 7");
  }

  /** Visits every numeric array and returns the digest of the file. */
  static String forEach(Path path, Consumer<Array> visitor) {
    try (SourceFile file = SourceFile.open(path)) {
      MatFile mat = new MatFile(file);
      try {
        mat.visit(visitor);
      } catch (ZipException e) {
        throw file.broken("holds a damaged compressed array");
      } catch (IOException e) {
        throw SourceFile.failure(path, e);
      }
      return file.digest();
    }
  }

  private void visit(Consumer<Array> visitor) throws IOException {
    InputStream in = file.stream();
    int first;
    while ((first = in.read()) >= 0) {
      byte[] rest = exactly(in, 2 * Integer.BYTES - 1);
      ByteBuffer tag = ByteBuffer.allocate(2 * Integer.BYTES).order(order);
      tag.put((byte) first).put(rest).flip();
      int type = tag.getInt();
      Content content = new Content(in, Integer.toUnsignedLong(tag.getInt()));
      if (type == COMPRESSED) {
        Content inflated = new Content(new InflaterInputStream(content), Long.MAX_VALUE);
        Tag inner = Tag.read(inflated, order);
        requireMatrix(inner.type);
        visit(new Content(inflated, inner.bytes), visitor);
      } else {
        requireMatrix(type);
        visit(content, visitor);
      }
      content.skipRest();
    }
  }

  private void requireMatrix(int type) {
    if (type != MATRIX) {
      throw file.broken("holds an element that is no array");
    }
  }

  private void visit(Content matrix, Consumer<Array> visitor) throws IOException {
    int flags = words(matrix, UINT32, 2)[0];
    int kind = flags & CLASS_MASK;
    if (kind >= FIRST_NUMERIC_CLASS && kind <= LAST_NUMERIC_CLASS && (flags & COMPLEX_FLAG) == 0) {
      int[] sizes = words(matrix, INT32, MAX_DIMENSIONS);
      String name = name(matrix);
      Tag data = Tag.read(matrix, order);
      visitor.accept(new Array(name, sizes, data));
    }
    matrix.skipRest();
  }

  /** Reads an element of 32-bit integers. */
  private int[] words(Content in, int type, int most) throws IOException {
    Tag tag = Tag.read(in, order);
    if (tag.type != type || tag.bytes % Integer.BYTES != 0 || tag.bytes > (long) most * 4) {
      throw file.broken("holds an array whose frame is damaged");
    }
    byte[] bytes = tag.all();
    int[] words = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(order).asIntBuffer().get(words);
    if (words.length == 0 || !Arrays.stream(words).allMatch(word -> word >= 0)) {
      throw file.broken("holds an array whose frame is damaged");
    }
    return words;
  }

  private String name(Content in) throws IOException {
    Tag tag = Tag.read(in, order);
    if (tag.type != INT8 || tag.bytes > MAX_NAME_BYTES) {
      throw file.broken("holds an array whose name is damaged");
    }
    return new String(tag.all(), StandardCharsets.ISO_8859_1);
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  /** One numeric array; its values may be read once, while it is visited. */
  final class Array {
    private final String name;
    private final int[] sizes;
    private final Tag data;

    private Array(String name, int[] sizes, Tag data) {
      this.name = name;
      this.sizes = sizes;
      this.data = data;
    }

    String name() {
      return name;
    }

    int[] sizes() {
      return sizes.clone();
    }

    /** Checks that the values are stored as unsigned bytes, as many as the sizes say. */
    void requireUnsignedBytes() {
      if (data.type != UINT8) {
        throw file.broken("array " + shown() + " must hold unsigned bytes");
      }
      requireLength(1);
    }

    /** Fills a buffer with the next values of an array of unsigned bytes. */
    void read(byte[] buffer) {
      try {
        if (data.content.readNBytes(buffer, 0, buffer.length) < buffer.length) {
          throw new EOFException();
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }

    /** Reads every value of an array of at most so many. */
    double[] numbers(long most) {
      int width = bytesOfOne();
      requireLength(width);
      if (data.bytes / width > most) {
        throw file.broken("array " + shown() + " must hold as many values as there are images");
      }
      try {
        ByteBuffer bytes = ByteBuffer.wrap(data.all()).order(order);
        double[] numbers = new double[bytes.remaining() / width];
        Arrays.setAll(numbers, i -> number(bytes));
        return numbers;
      } catch (IOException e) {
        throw failure(e);
      }
    }

    private DataException failure(IOException e) {
      return e instanceof ZipException
          ? file.broken("array " + shown() + " is damaged")
          : file.broken("is truncated in the array " + shown());
    }

    private double number(ByteBuffer from) {
      return switch (data.type) {
        case INT8 -> from.get();
        case UINT8 -> from.get() & 0xff;
        case 3 -> from.getShort();
        case 4 -> Short.toUnsignedInt(from.getShort());
        case INT32 -> from.getInt();
        case UINT32 -> Integer.toUnsignedLong(from.getInt());
        case 7 -> from.getFloat();
        default -> from.getDouble();
      };
    }

    private int bytesOfOne() {
      return switch (data.type) {
        case INT8, UINT8 -> 1;
        case 3, 4 -> Short.BYTES;
        case INT32, UINT32, 7 -> Integer.BYTES;
        case 9 -> Double.BYTES;
        default -> throw file.broken("array " + shown() + " must hold integers or real numbers");
      };
    }

    /** Multiplies step by step, so that no product overflows before it is refused. */
    private void requireLength(int bytesOfOne) {
      long bytes = bytesOfOne;
      for (int size : sizes) {
        bytes = Math.multiplyHigh(bytes, size) == 0 ? bytes * size : Long.MAX_VALUE;
      }
      if (bytes != data.bytes) {
        throw file.broken("array " + shown() + " must hold as many values as its sizes say");
      }
      if (!file.mayHoldDeflated(bytes)) {
        throw file.broken(
            "is truncated: array " + shown() + " declares more than the file can hold");
      }
    }

    /** A name from the file's frame, without characters that a terminal would obey. */
    private String shown() {
      return name.replaceAll("[^A-Za-z0-9_]", "?");
    }
  }

  /** Type, length and content of one element of an array; the content is padded to 8 bytes. */
  private static final class Tag {
    private final int type;
    private final long bytes;
    private final Content content;

    private Tag(int type, long bytes, Content content) {
      this.type = type;
      this.bytes = bytes;
      this.content = content;
    }

    static Tag read(Content in, ByteOrder order) throws IOException {
      ByteBuffer head = ByteBuffer.wrap(exactly(in, Integer.BYTES)).order(order);
      int word = head.getInt();
      int small = word >>> Short.SIZE;
      if (small != 0) {
        // A small element: up to 4 bytes of content stand in the place of the length.
        return new Tag(word & 0xffff, small, new Content(in, Integer.BYTES));
      }
      long bytes = Integer.toUnsignedLong(ByteBuffer.wrap(exactly(in, 4)).order(order).getInt());
      return new Tag(word, bytes, new Content(in, (bytes + 7) / 8 * 8));
    }

    /** Reads the content and the padding behind it. */
    byte[] all() throws IOException {
      byte[] all = exactly(content, Math.toIntExact(bytes));
      content.skipRest();
      return all;
    }
  }

  /** So many bytes of a stream. */
  private static final class Content extends InputStream {
    private final InputStream in;
    private long left;

    Content(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(left, length));
      left -= Math.max(count, 0);
      return count;
    }

    /** Reads on to the end; a stream that ends before is truncated. */
    void skipRest() throws IOException {
      byte[] block = new byte[1 << 13];
      while (left > 0) {
        if (read(block, 0, block.length) < 0) {
          throw new EOFException();
        }
      }
    }
  }
}
