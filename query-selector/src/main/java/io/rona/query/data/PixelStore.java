package io.rona.query.data;

import java.util.Arrays;

/**
 * Images of kept rows: bytes go in, values in {@code [0, 1]} lie in the array that the set owns.
 */
final class PixelStore {
  private static final float SCALE = 255f;

  private final int width;
  private final float[] values;

  /** Takes the memory, or refuses with the file named. */
  PixelStore(String file, int rows, long... exampleShape) {
    long size = Arrays.stream(exampleShape).reduce(1, Math::multiplyExact);
    this.values = new float[HeapLimit.checked(file, Math.multiplyExact(size, (long) rows))];
    this.width = (int) size;
  }

  /** The number of pixels of one row, over all channels. */
  int width() {
    return width;
  }

  /** Sets one row from its bytes, in the order of the example shape. */
  void put(int row, byte[] pixels, int from) {
    int offset = row * width;
    for (int j = 0; j < width; j++) {
      values[offset + j] = (pixels[from + j] & 0xff) / SCALE;
    }
  }

  /** The array itself; nothing may be put afterwards. */
  float[] values() {
    return values;
  }
}
