package io.rona.query.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows one after the other: on the heap as long as they fit there, in a scratch file from
 * then on. Not thread-safe.
 */
final class RowSink {
  private final RowStorage storage;
  private final String source;
  private final Coding coding;
  private final int width;
  private byte[] heap = {};
  private @Nullable ScratchFile scratch;
  private byte[] encoded = {};
  private int rows;

  /**
   * Takes rows of unknown number.
   *
   * @param source the file that the rows come from, for messages
   */
  RowSink(RowStorage storage, String source, Coding coding, int width) {
    this.storage = storage;
    this.source = source;
    this.coding = coding;
    this.width = width;
  }

  /** Takes the memory for so many rows, or the file, or refuses with the source named. */
  RowSink of(int expectedRows) {
    long bytes = Math.multiplyExact(rowBytes(), (long) expectedRows);
    if (bytes <= storage.heapBytes()) {
      heap = new byte[(int) bytes];
    } else {
      scratch = storage.create(source, bytes);
    }
    return this;
  }

  /** Where the rows are put. */
  RowStorage storage() {
    return storage;
  }

  private long rowBytes() {
    return Math.multiplyExact((long) width, coding.size());
  }

  /**
   * Takes pixels.
   *
   * @param pixels rows that begin at a place of the array; not modified
   * @param from the place
   * @param count how many rows
   */
  void add(byte[] pixels, int from, int count) {
    int bytes = Math.multiplyExact(count, (int) rowBytes());
    ScratchFile file = reserve(bytes);
    if (file == null) {
      System.arraycopy(pixels, from, heap, (int) used(), bytes);
    } else {
      file.append(pixels, from, bytes);
    }
    rows = Math.addExact(rows, count);
  }

  /**
   * Takes the values of one row.
   *
   * @param values finite; not modified
   * @throws IllegalArgumentException if a value is not finite
   */
  void add(float[] values) {
    Coding.requireFinite(values, (long) rows * width);
    addAsIs(values);
  }

  /**
   * Takes the values of one row that were computed from a record, finite or not: an exception would
   * tell of the record.
   *
   * @param values not modified
   */
  void addAsIs(float[] values) {
    encoded = encoded.length == 0 ? new byte[Math.toIntExact(rowBytes())] : encoded;
    Coding.encode(values, ByteBuffer.wrap(encoded));
    add(encoded, 0, 1);
  }

  private long used() {
    return rows * rowBytes();
  }

  /** Makes room: none is returned where it is on the heap. */
  private @Nullable ScratchFile reserve(int bytes) {
    long needed = used() + bytes;
    if (scratch == null && needed > heap.length) {
      long most = storage.heapBytes();
      if (needed <= most) {
        heap = Arrays.copyOf(heap, (int) Math.min(Math.max(needed, 2L * heap.length), most));
      } else {
        scratch = storage.create(source, 0);
        scratch.append(heap, 0, (int) used());
        heap = new byte[0];
      }
    }
    return scratch;
  }

  /** The rows taken; nothing may be added afterwards. */
  RowValues values() {
    ScratchFile file = scratch;
    if (file != null) {
      file.finish();
      return new RowValues.Kept(file, coding, rows, width);
    }
    byte[] whole = heap.length == used() ? heap : Arrays.copyOf(heap, (int) used());
    return new RowValues.Kept(new RowBytes.OnHeap(whole), coding, rows, width);
  }
}
