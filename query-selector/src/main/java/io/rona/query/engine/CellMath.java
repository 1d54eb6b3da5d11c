package io.rona.query.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place of a series for one row, forward and back; the equations are those of {@link
 * RecurrentCell}.
 *
 * <p>Every cell takes {@value #SUMS} sums a unit, which are affine in the channels at a place and
 * the state before it. Some of them read one of the two alone. All else happens entry by entry.
 */
abstract sealed class CellMath {

  /** Sums a unit. */
  static final int SUMS = 4;

  private final int units;
  private final List<Block> blocks;

  private CellMath(int units, List<Block> blocks) {
    this.units = units;
    this.blocks = blocks;
  }

  static CellMath of(RecurrentCell cell, int units) {
    return switch (cell) {
      case LSTM -> new Lstm(units);
      case GRU -> new Gru(units);
    };
  }

  /**
   * Neighboring sums that read the same: a matrix of weights, output by output, then the biases.
   *
   * @param first of the sums, in units
   * @param count of the sums, in units
   * @param ofInputs whether they read the channels
   * @param ofState whether they read the state, behind the channels
   */
  record Block(int first, int count, boolean ofInputs, boolean ofState) {
    int width(int channels, int units) {
      return (ofInputs ? channels : 0) + (ofState ? units : 0);
    }
  }

  /** A place of a series for all rows. Arrays are handed out as they are, not copied. */
  static final class Place {
    private final float[] sums;
    private final float[] before;
    private final float[] after;
    private final float[] memoryBefore;
    private final float[] memoryAfter;

    /**
     * Goes on.
     *
     * @param sums {@value #SUMS} times the units a row; the forward step puts what the way back
     *     needs in their place, and the way back the gradients at the sums
     * @param last the place before, if there is one
     */
    Place(float[] sums, @Nullable Place last) {
      int size = sums.length / SUMS;
      this.sums = sums;
      this.before = last == null ? new float[size] : last.after;
      this.after = new float[size];
      this.memoryBefore = last == null ? new float[size] : last.memoryAfter;
      this.memoryAfter = new float[size];
    }

    float[] sums() {
      return sums;
    }

    /** The state before, one entry a unit and row. */
    float[] before() {
      return before;
    }

    /** The state behind the place. */
    float[] after() {
      return after;
    }
  }

  final int units() {
    return units;
  }

  /** Blocks of sums, in their order. */
  final List<Block> blocks() {
    return blocks;
  }

  /** What the biases of some sums, counted in units, start at. */
  abstract double startingBias(int sum);

  /** Fills in what is behind the place in one row. */
  final void forward(Place place, int row) {
    for (int unit = row * units; unit < (row + 1) * units; unit++) {
      forward(place, unit, firstSum(row, unit));
    }
  }

  /** The first sum of a unit, which is counted over all rows; the others follow, units apart. */
  private int firstSum(int row, int unit) {
    return (SUMS - 1) * row * units + unit;
  }

  /** Does so for one unit, whose first sum stands at a place of the sums. */
  abstract void forward(Place place, int unit, int at);

  /**
   * Goes back.
   *
   * @param place as {@link #forward} has left it; its sums become the gradients at them
   * @param atState gradient at the state behind the place, one entry a unit and row; becomes that
   *     at the state before, but for the part that goes through the sums
   * @param atMemory the same for what else the cell keeps
   */
  final void back(Place place, int row, float[] atState, float[] atMemory) {
    for (int unit = row * units; unit < (row + 1) * units; unit++) {
      back(place, unit, firstSum(row, unit), atState, atMemory);
    }
  }

  /** Does so for one unit, whose first sum stands at a place of the sums. */
  abstract void back(Place place, int unit, int at, float[] atState, float[] atMemory);

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Faster than the library's, and as good in single precision. */
  private static double tanh(double x) {
    return 1 - 2 / (1 + Math.exp(2 * x));
  }

  /** Sums: input, output, forget gate, candidate. */
  private static final class Lstm extends CellMath {
    private static final int FORGET = 2;

    Lstm(int units) {
      super(units, List.of(new Block(0, SUMS, true, true)));
    }

    @Override
    double startingBias(int sum) {
      return sum == FORGET ? 1 : 0;
    }

    @Override
    void forward(Place place, int unit, int at) {
      int units = units();
      float[] sums = place.sums;
      double input = logistic(sums[at]);
      double output = logistic(sums[at + units]);
      double forget = logistic(sums[at + 2 * units]);
      double candidate = tanh(sums[at + 3 * units]);
      double memory = forget * place.memoryBefore[unit] + input * candidate;
      place.memoryAfter[unit] = (float) memory;
      place.after[unit] = (float) (output * tanh(memory));
      sums[at] = (float) input;
      sums[at + units] = (float) output;
      sums[at + 2 * units] = (float) forget;
      sums[at + 3 * units] = (float) candidate;
    }

    @Override
    void back(Place place, int unit, int at, float[] atState, float[] atMemory) {
      int units = units();
      float[] sums = place.sums;
      float input = sums[at];
      float output = sums[at + units];
      float forget = sums[at + 2 * units];
      float candidate = sums[at + 3 * units];
      float squashed = (float) tanh(place.memoryAfter[unit]);
      float memory = atMemory[unit] + atState[unit] * output * (1 - squashed * squashed);
      sums[at] = memory * candidate * input * (1 - input);
      sums[at + units] = atState[unit] * squashed * output * (1 - output);
      sums[at + 2 * units] = memory * place.memoryBefore[unit] * forget * (1 - forget);
      sums[at + 3 * units] = memory * input * (1 - candidate * candidate);
      atMemory[unit] = memory * forget;
      atState[unit] = 0;
    }
  }

  /** Sums: update gate, reset gate, candidate from the channels, candidate from the state. */
  private static final class Gru extends CellMath {
    Gru(int units) {
      super(
          units,
          List.of(
              new Block(0, 2, true, true),
              new Block(2, 1, true, false),
              new Block(3, 1, false, true)));
    }

    @Override
    double startingBias(int sum) {
      return 0;
    }

    @Override
    void forward(Place place, int unit, int at) {
      int units = units();
      float[] sums = place.sums;
      double update = logistic(sums[at]);
      double reset = logistic(sums[at + units]);
      double candidate = tanh(sums[at + 2 * units] + reset * sums[at + 3 * units]);
      place.after[unit] = (float) (candidate + update * (place.before[unit] - candidate));
      sums[at] = (float) update;
      sums[at + units] = (float) reset;
      sums[at + 2 * units] = (float) candidate;
    }

    @Override
    void back(Place place, int unit, int at, float[] atState, float[] atMemory) {
      int units = units();
      float[] sums = place.sums;
      float update = sums[at];
      float reset = sums[at + units];
      float candidate = sums[at + 2 * units];
      float atCandidate = atState[unit] * (1 - update) * (1 - candidate * candidate);
      float atUpdate = atState[unit] * (place.before[unit] - candidate);
      float atReset = atCandidate * sums[at + 3 * units];
      sums[at] = atUpdate * update * (1 - update);
      sums[at + units] = atReset * reset * (1 - reset);
      sums[at + 2 * units] = atCandidate;
      sums[at + 3 * units] = atCandidate * reset;
      atState[unit] *= update;
    }
  }
}
