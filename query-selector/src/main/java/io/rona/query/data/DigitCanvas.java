package io.rona.query.data;

import java.util.Arrays;

/** Pixels that know how deep they lie inside the ink; reused from image to image. */
final class DigitCanvas {
  private static final int SIDE = DigitsGenerator.SIDE;
  private static final float MARGIN = 1.5f;
  private static final float FAR = -100;

  /** Radius of the pen less the distance to its path, in pixels: positive inside the ink. */
  private final float[] depth = new float[SIDE * SIDE];

  void clear() {
    Arrays.fill(depth, FAR);
  }

  /** Draws a straight piece with round ends. */
  void line(float[] from, float[] to, float radius) {
    float reach = radius + MARGIN;
    int left = Math.max(0, (int) (Math.min(from[0], to[0]) - reach));
    int right = Math.min(SIDE - 1, (int) (Math.max(from[0], to[0]) + reach));
    int top = Math.max(0, (int) (Math.min(from[1], to[1]) - reach));
    int bottom = Math.min(SIDE - 1, (int) (Math.max(from[1], to[1]) + reach));
    float dx = to[0] - from[0];
    float dy = to[1] - from[1];
    float perLength = 1 / Math.max(dx * dx + dy * dy, 1e-6f);
    for (int y = top; y <= bottom; y++) {
      float py = y + 0.5f - from[1];
      for (int x = left; x <= right; x++) {
        float px = x + 0.5f - from[0];
        float t = Math.min(Math.max((px * dx + py * dy) * perLength, 0), 1);
        float ex = px - t * dx;
        float ey = py - t * dy;
        float here = radius - (float) Math.sqrt(ex * ex + ey * ey);
        int pixel = y * SIDE + x;
        depth[pixel] = Math.max(depth[pixel], here);
      }
    }
  }

  /** Turns depth into gray with a soft edge and adds noise. */
  void develop(SplitMix64 random, byte[] target, int offset) {
    float softness = random.uniform(0.8, 1.6);
    float ink = random.uniform(0.65, 1.0) * 255;
    float noise = random.uniform(0.01, 0.10) * 255;
    for (int i = 0; i < depth.length; i++) {
      float coverage = Math.min(Math.max(0.5f + depth[i] / softness, 0), 1);
      float gray = ink * coverage + noise * random.bell();
      target[offset + i] = (byte) (int) Math.min(Math.max(gray + 0.5f, 0), 255);
    }
  }
}
