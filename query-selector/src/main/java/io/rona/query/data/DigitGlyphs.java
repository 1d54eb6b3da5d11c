package io.rona.query.data;

import java.util.Arrays;
import java.util.List;

/**
 * The skeletons of the ten digits, several variants each.
 *
 * <p>A skeleton is written as strokes separated by {@code |}; a stroke is a kind and points {@code
 * x,y} in percent of the glyph's box, y downward. Kinds: {@code -} straight lines, {@code ~} a
 * curve through the points, {@code o} a closed curve.
 */
final class DigitGlyphs {
  private static final String[][] SKELETONS = {
    {
      "o 50,2 20,18 12,50 20,82 50,98 80,82 88,50 80,18",
      "o 50,2 31,18 26,50 31,82 50,98 69,82 74,50 69,18",
      "~ 64,8 38,3 14,30 12,68 38,97 72,90 88,55 80,20 56,2 38,12",
    },
    {
      "- 50,2 50,98", "- 26,27 54,3 54,98", "- 28,25 52,3 52,97|- 25,97 79,97",
    },
    {
      "~ 15,26 30,5 60,2 80,22 72,45 45,70 12,97|- 12,97 88,97",
      "~ 18,22 38,3 70,8 78,32 58,62 28,90 12,92 16,78 34,80 55,94 75,97 92,86",
      "~ 14,20 45,2 80,20 60,55 10,96|~ 10,96 40,90 65,99 90,92",
    },
    {
      "~ 15,12 45,2 76,12 76,34 42,47|~ 42,47 80,56 84,82 50,98 12,86",
      "- 14,5 80,5 42,42|~ 42,42 78,48 86,75 60,97 12,90",
    },
    {
      "- 24,4 12,58 88,58|- 70,25 66,98",
      "- 66,98 66,3 8,66 92,66",
      "~ 20,5 14,38 30,56 74,50|~ 80,3 74,50 70,98",
    },
    {
      "- 80,4 26,4 20,44|~ 20,44 50,36 82,52 84,80 50,98 12,88",
      "~ 85,8 50,4 28,12 26,40 60,47 82,66 66,94 14,92",
    },
    {
      "~ 74,4 38,20 14,58 22,88 52,98 80,82 78,58 52,48 20,66",
      "~ 56,3 34,35 18,68|o 48,52 20,66 26,92 52,98 78,84 76,60",
    },
    {
      "- 10,6 88,6 40,98",
      "- 10,6 86,6 42,98|- 28,52 78,50",
      "- 12,22 12,6 88,6|~ 88,6 58,45 46,98",
    },
    {
      "o 50,2 26,12 26,36 50,47 74,36 74,12|o 50,47 18,60 18,86 50,98 82,86 82,60",
      "~ 78,14 50,2 24,16 34,38 62,54 82,76 56,98 22,86 26,62 58,46 76,28 78,14",
    },
    {
      "o 52,3 24,12 20,36 46,50 74,40 78,16|- 78,16 72,98",
      "~ 78,20 52,3 22,16 24,42 52,50 78,22|~ 78,22 80,62 62,94 22,92",
    },
  };

  private static final List<List<List<Stroke>>> GLYPHS =
      Arrays.stream(SKELETONS)
          .map(variants -> Arrays.stream(variants).map(DigitGlyphs::parse).toList())
          .toList();

  private DigitGlyphs() {}

  /** The variants of a digit, each a list of strokes. */
  static List<List<Stroke>> variants(int digit) {
    return GLYPHS.get(digit);
  }

  private static List<Stroke> parse(String skeleton) {
    return Arrays.stream(skeleton.split("\\|", -1)).map(Stroke::parse).toList();
  }

  /** One movement of the pen; coordinates run from 0 to 1. */
  static final class Stroke {
    private final float[] x;
    private final float[] y;
    private final boolean curved;
    private final boolean closed;

    private Stroke(char kind, float[] x, float[] y) {
      this(x, y, kind != '-', kind == 'o');
    }

    private Stroke(float[] x, float[] y, boolean curved, boolean closed) {
      this.x = x;
      this.y = y;
      this.curved = curved;
      this.closed = closed;
    }

    private static Stroke parse(String text) {
      String[] points = text.substring(2).split(" ", -1);
      float[] x = new float[points.length];
      float[] y = new float[points.length];
      for (int i = 0; i < points.length; i++) {
        int comma = points[i].indexOf(',');
        x[i] = Integer.parseInt(points[i].substring(0, comma)) / 100f;
        y[i] = Integer.parseInt(points[i].substring(comma + 1)) / 100f;
      }
      return new Stroke(text.charAt(0), x, y);
    }

    /** The stroke with each point moved a little. */
    Stroke jittered(float amount, SplitMix64 random) {
      float[] movedX = x.clone();
      float[] movedY = y.clone();
      for (int i = 0; i < x.length; i++) {
        movedX[i] += amount * random.bell();
        movedY[i] += amount * random.bell();
      }
      return new Stroke(movedX, movedY, curved, closed);
    }

    /** The number of pieces between neighboring points. */
    int spans() {
      return closed ? x.length : x.length - 1;
    }

    float atX(int span, float t) {
      return at(x, span, t);
    }

    float atY(int span, float t) {
      return at(y, span, t);
    }

    /** A place on a piece: t runs from 0 to 1. Curves are uniform Catmull-Rom splines. */
    private float at(float[] points, int span, float t) {
      float b = point(points, span);
      float c = point(points, span + 1);
      if (!curved) {
        return b + t * (c - b);
      }
      float a = point(points, span - 1);
      float d = point(points, span + 2);
      return 0.5f
          * (2 * b
              + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - 3 * c + d - a))));
    }

    /** A point by its number; closed strokes wrap around, others stay at their ends. */
    private float point(float[] points, int i) {
      int last = points.length - 1;
      return points[closed ? Math.floorMod(i, points.length) : Math.min(Math.max(i, 0), last)];
    }
  }
}
