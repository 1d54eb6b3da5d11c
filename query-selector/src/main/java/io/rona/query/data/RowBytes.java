package io.rona.query.data;

import java.nio.ByteBuffer;

/** The bytes of rows, one row after the other, wherever they lie; immutable and thread-safe. */
sealed interface RowBytes permits RowBytes.OnHeap, ScratchFile {
  /**
   * Shows some bytes.
   *
   * @param position of the first of them
   * @param count how many; they are there
   * @return a buffer that begins at the first; for reading alone
   */
  ByteBuffer at(long position, int count);

  /**
   * Bytes on the heap.
   *
   * @param bytes nobody else keeps them
   */
  @SuppressWarnings("ArrayRecordComponent")
  record OnHeap(byte[] bytes) implements RowBytes {
    @Override
    public ByteBuffer at(long position, int count) {
      return ByteBuffer.wrap(bytes, Math.toIntExact(position), count);
    }
  }
}
