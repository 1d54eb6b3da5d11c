package io.rona.query.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;

/** Builds IDX files for tests. */
final class IdxBytes {
  private IdxBytes() {}

  static byte[] file(int type, int[] sizes, byte[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    buffer.put((byte) 0).put((byte) 0).put((byte) type).put((byte) sizes.length);
    for (int size : sizes) {
      buffer.putInt(size);
    }
    return buffer.put(values).array();
  }

  static byte[] images(int rows, int height, int width) {
    byte[] values = new byte[rows * height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i * 7);
    }
    return file(8, new int[] {rows, height, width}, values);
  }

  static byte[] labels(int... labels) {
    byte[] values = new byte[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) labels[i];
    }
    return file(8, new int[] {labels.length}, values);
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
