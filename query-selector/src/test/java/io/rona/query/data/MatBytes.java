package io.rona.query.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Builds MATLAB files of version 5 for tests. */
final class MatBytes {
  static final int UINT8 = 2;
  static final int DOUBLE = 9;

  private final ByteOrder order;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  MatBytes(ByteOrder order) {
    this.order = order;
    byte[] header = new byte[128];
    ByteBuffer.wrap(header)
        .order(order)
        .putShort(124, (short) 0x0100)
        .putShort(126, (short) 0x4d49);
    out.writeBytes(header);
  }

  MatBytes array(String name, int[] sizes, int type, byte[] data) {
    out.writeBytes(element(14, matrix(name, sizes, type, data)));
    return this;
  }

  MatBytes compressed(String name, int[] sizes, int type, byte[] data) {
    byte[] deflated = deflate(element(14, matrix(name, sizes, type, data)));
    out.writeBytes(tag(15, deflated.length));
    out.writeBytes(deflated);
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  private byte[] matrix(String name, int[] sizes, int type, byte[] data) {
    ByteArrayOutputStream matrix = new ByteArrayOutputStream();
    int kind = type == UINT8 ? 9 : 6;
    matrix.writeBytes(element(6, ByteBuffer.allocate(8).order(order).putInt(kind).array()));
    ByteBuffer dimensions = ByteBuffer.allocate(4 * sizes.length).order(order);
    for (int size : sizes) {
      dimensions.putInt(size);
    }
    matrix.writeBytes(element(5, dimensions.array()));
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    // Names of up to four letters are small elements, as MATLAB writes them.
    ByteBuffer small = ByteBuffer.allocate(8).order(order);
    matrix.writeBytes(small.putInt(letters.length << 16 | 1).put(letters).array());
    matrix.writeBytes(element(type, data));
    return matrix.toByteArray();
  }

  private byte[] element(int type, byte[] content) {
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.writeBytes(tag(type, content.length));
    element.writeBytes(content);
    element.writeBytes(new byte[(8 - content.length % 8) % 8]);
    return element.toByteArray();
  }

  private byte[] tag(int type, int length) {
    return ByteBuffer.allocate(8).order(order).putInt(type).putInt(length).array();
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater();
    deflater.setInput(content);
    deflater.finish();
    byte[] buffer = new byte[content.length + 100];
    int length = deflater.deflate(buffer);
    deflater.end();
    return Arrays.copyOf(buffer, length);
  }

  /** Doubles in the file's byte order. */
  byte[] doubles(double... values) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(order);
    for (double value : values) {
      buffer.putDouble(value);
    }
    return buffer.array();
  }
}
