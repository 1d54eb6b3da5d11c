package io.rona.query.data;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The frame of an IDX file: its sizes, checked against what the file can hold. */
final class IdxHeader {
  private static final int UNSIGNED_BYTE = 0x08;

  private final int[] sizes;
  private final int width;

  private IdxHeader(int[] sizes, int width) {
    this.sizes = sizes;
    this.width = width;
  }

  static IdxHeader read(SourceFile file, int minDimensions, int maxDimensions) {
    int dimensions = readMagic(file, minDimensions, maxDimensions);
    byte[] bytes = new byte[dimensions * Integer.BYTES];
    file.readFully(bytes);
    int[] sizes = new int[dimensions];
    ByteBuffer.wrap(bytes).asIntBuffer().get(sizes);
    if (!Arrays.stream(sizes).allMatch(size -> size >= 1)) {
      throw file.broken("IDX sizes must be at least 1");
    }
    return new IdxHeader(sizes, checkedWidth(file, sizes));
  }

  private static int readMagic(SourceFile file, int minDimensions, int maxDimensions) {
    byte[] magic = new byte[4];
    file.readFully(magic);
    if (magic[0] != 0 || magic[1] != 0) {
      throw file.broken("is no IDX file: its first two bytes must be 0");
    }
    if (magic[2] != UNSIGNED_BYTE) {
      throw file.broken("IDX type must be 0x08, unsigned bytes, but is 0x" + hex(magic[2]));
    }
    int dimensions = magic[3];
    if (dimensions < minDimensions || dimensions > maxDimensions) {
      throw file.broken(
          "IDX dimensions must be "
              + minDimensions
              + (minDimensions == maxDimensions ? "" : ".." + maxDimensions)
              + ", but are 0x"
              + hex(magic[3]));
    }
    return dimensions;
  }

  private static String hex(byte value) {
    return String.format("%02x", value);
  }

  /** Multiplies step by step, so that no product overflows before it is refused. */
  private static int checkedWidth(SourceFile file, int[] sizes) {
    long values = sizes[0];
    for (int i = 1; i < sizes.length; i++) {
      if (!file.mayHold(values)) {
        break;
      }
      values = Math.multiplyHigh(values, sizes[i]) == 0 ? values * sizes[i] : Long.MAX_VALUE;
    }
    if (!file.mayHold(values)) {
      throw file.broken("is truncated: its header declares more than the file can hold");
    }
    long width = values / sizes[0];
    if (width > HeapLimit.floats()) {
      throw file.broken("declares examples larger than the Java heap");
    }
    return (int) width;
  }

  int rows() {
    return sizes[0];
  }

  int width() {
    return width;
  }

  long[] exampleShape() {
    long[] shape = Arrays.stream(sizes, 1, sizes.length).asLongStream().toArray();
    return shape.length == 2 ? new long[] {1, shape[0], shape[1]} : shape;
  }
}
