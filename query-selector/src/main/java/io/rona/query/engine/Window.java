package io.rona.query.engine;

/**
 * A window that moves over the places of a layer's input, which is padded so that each step sees a
 * whole one.
 *
 * @param height rows of places it covers, at least 1
 * @param width places in a row it covers, at least 1
 * @param down rows of places from one step to the next, at least 1
 * @param across places in a row from one step to the next, at least 1
 */
public record Window(int height, int width, int down, int across) {

  static Window square(int side, int stride) {
    return new Window(side, side, stride, stride);
  }

  static Window along(int length, int stride) {
    return new Window(1, length, 1, stride);
  }

  int[] size() {
    return new int[] {height, width};
  }

  int[] stride() {
    return new int[] {down, across};
  }
}
