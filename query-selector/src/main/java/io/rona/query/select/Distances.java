package io.rona.query.select;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far the examples of a pool are from a center.
 *
 * <p>Rows are stored in blocks, column by column, so that the inner loop runs over rows without a
 * dependence from one to the next; the compiler turns it into vector instructions and the sums stay
 * the same on every machine.
 */
final class Distances {
  private static final int BLOCK = 512;
  private static final float SMALLEST = 1e-12f;

  private final Measure measure;
  private final float[][] rows;
  private final float[][] blocks;
  private final float[] base;

  private Distances(Measure measure, float[][] rows) {
    int width = rows[0].length;
    int count = (rows.length + BLOCK - 1) / BLOCK;
    this.measure = measure;
    this.rows = rows;
    this.blocks = new float[count][BLOCK * width];
    this.base = new float[count * BLOCK];
    for (int i = 0; i < rows.length; i++) {
      base[i] = measure.base(rows[i]);
      for (int j = 0; j < width; j++) {
        blocks[i / BLOCK][j * BLOCK + i % BLOCK] = rows[i][j];
      }
    }
  }

  /** Squared Euclidean distance of the inputs. */
  static Distances ofFeatures(PoolView pool) {
    float[][] rows = new float[pool.size()][pool.inputs().width()];
    for (int i = 0; i < rows.length; i++) {
      pool.inputs().copyFeatures(i, rows[i], 0);
    }
    return new Distances(Measure.SQUARED_L2, rows);
  }

  /** Kullback-Leibler divergence of an example's output from the center's, in nats. */
  static Distances ofOutputs(PoolView pool) {
    float[][] rows =
        IntStream.range(0, pool.size()).mapToObj(pool::probabilities).toArray(float[][]::new);
    return new Distances(Measure.KULLBACK_LEIBLER, rows);
  }

  int size() {
    return rows.length;
  }

  float[] row(int index) {
    return rows[index];
  }

  /** Returns the distance of every example to one of them. */
  float[] to(int center) {
    return to(rows[center]);
  }

  /** Returns the distance of every example to a point. */
  float[] to(float[] center) {
    float[] point = measure.point(center);
    float[] sums = base.clone();
    IntStream.range(0, blocks.length).parallel().forEach(b -> addBlock(b, point, sums));
    return Arrays.copyOf(sums, rows.length);
  }

  private void addBlock(int b, float[] point, float[] result) {
    float[] sums = Arrays.copyOfRange(result, b * BLOCK, (b + 1) * BLOCK);
    for (int j = 0; j < point.length; j++) {
      measure.addColumn(blocks[b], j * BLOCK, point[j], sums);
    }
    for (int i = 0; i < BLOCK; i++) {
      result[b * BLOCK + i] = Math.max(sums[i], 0);
    }
  }

  /** A sum over columns plus a base per row; what rounding leaves below 0 counts as 0. */
  private enum Measure {
    SQUARED_L2 {
      @Override
      float base(float[] row) {
        return 0;
      }

      @Override
      float[] point(float[] center) {
        return center;
      }

      @Override
      void addColumn(float[] block, int offset, float c, float[] sums) {
        for (int i = 0; i < BLOCK; i++) {
          float difference = block[offset + i] - c;
          sums[i] += difference * difference;
        }
      }
    },

    KULLBACK_LEIBLER {
      @Override
      float base(float[] row) {
        double sum = 0;
        for (float p : row) {
          sum += p * log(p);
        }
        return (float) sum;
      }

      @Override
      float[] point(float[] center) {
        float[] logs = new float[center.length];
        for (int j = 0; j < logs.length; j++) {
          logs[j] = (float) log(center[j]);
        }
        return logs;
      }

      @Override
      void addColumn(float[] block, int offset, float c, float[] sums) {
        for (int i = 0; i < BLOCK; i++) {
          sums[i] -= block[offset + i] * c;
        }
      }
    };

    abstract float base(float[] row);

    abstract float[] point(float[] center);

    abstract void addColumn(float[] block, int offset, float c, float[] sums);

    /** Probabilities below the smallest are taken for it, so that no distance is infinite. */
    private static double log(float p) {
      return StrictMath.log(Math.max(p, SMALLEST));
    }
  }
}
