package io.rona.privacy.release;

import io.rona.privacy.Sha256;
import io.rona.privacy.internal.DurableFiles;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.LedgerIntegrityException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Released vectors as bytes. All numbers are big-endian.
 *
 * <pre>
 * offset  length  content
 *      0       8  "RONAVEC" and a zero byte
 *      8       4  version, 1
 *     12      32  ledger id
 *     44      16  reservation id
 *     60      32  query digest
 *     92       4  marks: 1 if releasable, plus 2 if the part is LARGEST, 4 if it is SIGN
 *     96       8  standard deviation of the noise
 *    104       4  rows, at least 1
 *    108       4  columns, at least 1
 *    112  8 r c   values, row by row
 *      .      32  SHA-256 of all before: the output digest that the ledger commits
 * </pre>
 */
final class VectorFile {
  private static final byte[] MAGIC = "RONAVEC\0".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEADER = 112;
  private static final int DIGEST = 32;
  private static final int RELEASABLE = 1;
  private static final int LARGEST = 2;
  private static final int SIGN = 4;
  private static final HexFormat HEX = HexFormat.of();

  private VectorFile() {}

  static String digest(VectorContent content) {
    MessageDigest sha256 = Sha256.begin();
    sha256.update(body(content));
    return HEX.formatHex(sha256.digest());
  }

  static void write(VectorContent content, Path file) {
    ByteBuffer body = body(content);
    MessageDigest sha256 = Sha256.begin();
    sha256.update(body.duplicate());
    try {
      DurableFiles.writeNew(file, body, ByteBuffer.wrap(sha256.digest()));
    } catch (IOException e) {
      throw new LedgerException("vectors " + file + " cannot be written", e);
    }
  }

  /** Reads a file whose digest is right; whether it was paid for is for the caller to ask. */
  static VectorContent read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      byte[] header = readFully(channel, HEADER, file);
      boolean magic = Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
      require(magic, file, "it is not a file of released vectors");
      int version = ByteBuffer.wrap(header).getInt(MAGIC.length);
      require(version == VERSION, file, "its version is unknown");
      int values = valueCount(header, file);
      long length = HEADER + (long) values * Double.BYTES + DIGEST;
      require(channel.size() == length, file, "its length is not that of its shape");
      byte[] rest = readFully(channel, values * Double.BYTES, file);
      byte[] stored = readFully(channel, DIGEST, file);
      MessageDigest sha256 = Sha256.begin();
      sha256.update(header);
      sha256.update(rest);
      require(MessageDigest.isEqual(sha256.digest(), stored), file, "its digest is wrong");
      return content(header, rest, file);
    } catch (IOException e) {
      throw new LedgerException("vectors " + file + " cannot be read", e);
    }
  }

  private static ByteBuffer body(VectorContent content) {
    double[] values = content.values();
    ByteBuffer body = ByteBuffer.allocate(HEADER + values.length * Double.BYTES);
    body.put(MAGIC).putInt(VERSION);
    body.put(HEX.parseHex(content.ledgerId()));
    body.put(HEX.parseHex(content.reservationId()));
    body.put(HEX.parseHex(content.queryDigest()));
    body.putInt((content.releasable() ? RELEASABLE : 0) | partMark(content.part()));
    body.putDouble(content.noiseStdDev());
    body.putInt(content.rows()).putInt(content.columns());
    for (double value : values) {
      body.putDouble(value);
    }
    return body.flip();
  }

  private static int partMark(ReleasedPart part) {
    return switch (part) {
      case VALUES -> 0;
      case LARGEST -> LARGEST;
      case SIGN -> SIGN;
    };
  }

  private static ReleasedPart part(int mark, Path file) {
    for (ReleasedPart part : ReleasedPart.values()) {
      if (partMark(part) == mark) {
        return part;
      }
    }
    throw new LedgerIntegrityException("vectors " + file + " are refused: their marks are invalid");
  }

  private static int valueCount(byte[] header, Path file) {
    int rows = ByteBuffer.wrap(header).getInt(104);
    int columns = ByteBuffer.wrap(header).getInt(108);
    boolean good = rows >= 1 && columns >= 1 && (long) rows * columns <= Answers.MAX_VALUES;
    require(good, file, "its shape is out of range");
    return rows * columns;
  }

  private static VectorContent content(byte[] header, byte[] rest, Path file) {
    int marks = ByteBuffer.wrap(header).getInt(92);
    double noiseStdDev = ByteBuffer.wrap(header).getDouble(96);
    ReleasedPart part = part(marks & ~RELEASABLE, file);
    boolean positive = noiseStdDev > 0 && noiseStdDev < Double.POSITIVE_INFINITY;
    require(positive, file, "its noise is out of range");
    double[] values = new double[rest.length / Double.BYTES];
    ByteBuffer.wrap(rest).asDoubleBuffer().get(values);
    boolean finite = Arrays.stream(values).allMatch(Double::isFinite);
    require(finite, file, "a value is not finite");
    return new VectorContent(
        HEX.formatHex(header, 12, 44),
        HEX.formatHex(header, 44, 60),
        HEX.formatHex(header, 60, 92),
        (marks & RELEASABLE) != 0,
        part,
        noiseStdDev,
        ByteBuffer.wrap(header).getInt(108),
        values);
  }

  private static byte[] readFully(FileChannel channel, int length, Path file) throws IOException {
    require(channel.size() - channel.position() >= length, file, "it is cut short");
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      require(channel.read(buffer) >= 0, file, "it is cut short");
    }
    return bytes;
  }

  private static void require(boolean good, Path file, String why) {
    if (!good) {
      throw new LedgerIntegrityException("vectors " + file + " are refused: " + why);
    }
  }
}
