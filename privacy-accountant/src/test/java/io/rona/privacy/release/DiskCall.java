package io.rona.privacy.release;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One recorded call of a process, which went through.
 *
 * @param kind what was called
 * @param durable whether a write was on the device when it returned
 * @param path the file
 * @param to the file's other name, if the call gives it one
 * @param offset where was written, or the new length
 * @param data what was written
 */
record DiskCall(Kind kind, boolean durable, String path, String to, long offset, ByteBuffer data) {
  /** Kinds of calls, by the letters of {@code disk.c}. */
  enum Kind {
    CREATE('C'),
    WRITE('W'),
    SYNC('S'),
    RENAME('R'),
    LINK('L'),
    UNLINK('U'),
    TRUNCATE('T'),
    /** Not a call on the disk: what the process told the world. */
    PRINT('P');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    private static Kind of(byte letter) {
      return Arrays.stream(values())
          .filter(kind -> kind.letter == letter)
          .findFirst()
          .orElseThrow(() -> new AssertionError("record holds a call of kind " + letter));
    }
  }

  /** Reads a record; paths are made relative to the directory that was watched. */
  static List<DiskCall> read(Path record, Path directory) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(record)).order(ByteOrder.LITTLE_ENDIAN);
    List<DiskCall> calls = new ArrayList<>();
    while (in.hasRemaining()) {
      Kind kind = Kind.of(in.get());
      boolean durable = in.get() != 0;
      String path = relative(in, directory);
      String to = relative(in, directory);
      calls.add(new DiskCall(kind, durable, path, to, in.getLong(), block(in)));
    }
    return calls;
  }

  String text() {
    return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
  }

  private static String relative(ByteBuffer in, Path directory) {
    String path = StandardCharsets.UTF_8.decode(block(in)).toString();
    return path.isEmpty() ? "" : directory.relativize(Path.of(path)).toString();
  }

  private static ByteBuffer block(ByteBuffer in) {
    int length = Math.toIntExact(in.getLong());
    ByteBuffer block = in.slice(in.position(), length).asReadOnlyBuffer();
    in.position(in.position() + length);
    return block;
  }

  @Override
  public String toString() {
    return kind + " " + path + " " + to + " at " + offset + ", " + data.remaining() + " bytes";
  }
}
