package io.rona.query.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How the values of rows are kept as bytes. */
enum Coding {
  /** One byte a value, from 0 to 255, which stands for 0 to 1. */
  PIXEL(1) {
    @Override
    void decode(ByteBuffer bytes, float[] target, int offset, int count) {
      for (int i = 0; i < count; i++) {
        target[offset + i] = OF_PIXEL[bytes.get() & 0xff];
      }
    }
  },

  /** A float a value, in this machine's order of bytes: it never leaves the process. */
  FLOAT(Float.BYTES) {
    @Override
    void decode(ByteBuffer bytes, float[] target, int offset, int count) {
      bytes.order(ByteOrder.nativeOrder()).asFloatBuffer().get(target, offset, count);
    }
  };

  private static final float[] OF_PIXEL = new float[256];

  static {
    for (int pixel = 0; pixel < OF_PIXEL.length; pixel++) {
      OF_PIXEL[pixel] = pixel / 255f;
    }
  }

  private final int size;

  Coding(int size) {
    this.size = size;
  }

  /** Bytes of one value. */
  int size() {
    return size;
  }

  /** Turns bytes from the buffer's position on into values. */
  abstract void decode(ByteBuffer bytes, float[] target, int offset, int count);

  /**
   * Refuses values that no reader may give.
   *
   * @param first the place of the first value in the whole, for the message
   */
  static void requireFinite(float[] values, long first) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "features must be finite; the value at " + (first + i) + " is not");
      }
    }
  }

  /**
   * Turns values into the bytes of {@link #FLOAT}. Adding 0 turns -0 into 0, so that equal values
   * have equal bits.
   */
  static void encode(float[] values, ByteBuffer target) {
    target.order(ByteOrder.nativeOrder());
    for (float value : values) {
      target.putFloat(value + 0f);
    }
  }
}
