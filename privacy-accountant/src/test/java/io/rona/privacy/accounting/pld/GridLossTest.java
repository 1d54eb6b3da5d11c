package io.rona.privacy.accounting.pld;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.accounting.pld.GridLoss.Grid;
import org.junit.jupiter.api.Test;

/** Losses on a grid, plain and tilted. */
class GridLossTest {
  private static final GridLoss LOSS =
      new GridLoss(
          new int[] {-3, 0, 2, 5},
          new double[] {0.1, 0.5, 0.3, 0.05},
          new Grid(0.25, 0.5),
          0.05,
          1e-12);

  @Test
  void grid_lossesAndIndices_areInverse() {
    Grid grid = new Grid(0.25, 0.5);
    assertEquals(1.75, grid.loss(3));
    assertEquals(3, grid.floor(1.75));
    assertEquals(3, grid.ceil(1.75));
    assertEquals(2, grid.floor(1.74));
    assertEquals(4, grid.ceil(1.76));
    assertEquals(-1, grid.floor(0.2));
    assertEquals((1 << 30) - 1, new Grid(0, 1).floor((1 << 30) - 1));
    assertThrows(ArithmeticException.class, () -> new Grid(0, 1).floor(1 << 30));
    assertThrows(ArithmeticException.class, () -> new Grid(0, 1).ceil(-(1 << 30)));
    assertThrows(ArithmeticException.class, () -> grid.ceil(Double.NaN));
  }

  @Test
  void parts_atAThreshold_addUpToTheWhole() {
    GridLoss low = LOSS.upTo(1.25);
    GridLoss high = LOSS.beyond(1.25);
    assertArrayEquals(new int[] {-3, 0, 2}, low.index());
    assertArrayEquals(new double[] {0.1, 0.5, 0.3}, low.mass());
    assertArrayEquals(new int[] {5}, high.index());
    assertArrayEquals(new double[] {0.05}, high.mass());
    assertEquals(0.05, low.infinite());
    assertEquals(0, high.infinite());
    assertEquals(1e-12, high.relativeError());
    assertEquals(LOSS.grid(), low.grid());
    assertEquals(0, LOSS.beyond(10).size());
    assertEquals(0, LOSS.upTo(-10).size());
    assertEquals(0.95, LOSS.total(), 1e-15);
    assertEquals(0.05, high.total());
  }

  @Test
  void positionError_growsWithTheLargestLossAndTheStep() {
    assertEquals(2.75, LOSS.largestLoss());
    assertEquals(8 * 0x1p-53 * 2.75 + 32 * 1e-12 * 0.5, LOSS.positionError(), 1e-27);
    GridLoss negative =
        new GridLoss(new int[] {-9, 1}, new double[] {0.5, 0.5}, new Grid(0, 1), 0, 0);
    assertEquals(9, negative.largestLoss());
  }

  @Test
  void zero_isOneLossOfNothing() {
    GridLoss zero = GridLoss.zero(0.5);
    assertEquals(1, zero.size());
    assertEquals(0, zero.loss(0));
    assertEquals(1, zero.total());
    assertEquals(0, zero.infinite());
    assertEquals(0, zero.relativeError());
    assertEquals(0.5, zero.grid().step());
  }

  @Test
  void tilted_weightsAndScale_areTheDirectSums() {
    double tilt = 1.5;
    TiltedLoss tilted = TiltedLoss.of(LOSS, tilt);
    double sum = 0;
    for (int i = 0; i < LOSS.size(); i++) {
      sum += LOSS.mass()[i] * Math.exp(tilt * LOSS.loss(i));
    }
    assertEquals(Math.log(sum), tilted.scale(), 1e-14);
    for (int i = 0; i < LOSS.size(); i++) {
      double expected = LOSS.mass()[i] * Math.exp(tilt * LOSS.loss(i)) / sum;
      assertEquals(expected, tilted.weight()[i], 1e-15);
    }
    assertEquals(LOSS, tilted.base());
  }

  @Test
  void tilted_largeExponents_doNotOverflow() {
    TiltedLoss tilted = TiltedLoss.of(LOSS, 1e4);
    assertEquals(1, tilted.weight()[3], 1e-15);
    assertEquals(1e4 * 2.75 + Math.log(0.05), tilted.scale(), 1e-9);
  }

  @Test
  void tilted_massZero_hasNoWeight() {
    GridLoss loss =
        new GridLoss(new int[] {0, 1, 2}, new double[] {0.5, 0, 0.5}, new Grid(0, 1), 0, 0);
    TiltedLoss tilted = TiltedLoss.of(loss, 2);
    assertEquals(0, tilted.weight()[1]);
    double top = 1 / (1 + Math.exp(-4));
    assertEquals(top, tilted.weight()[2], 1e-15);
    double moment = Math.log((1 - top) + top * Math.exp(6));
    assertTrue(tilted.logMoment(3) >= moment && tilted.logMoment(3) <= moment + 2e-9);
  }

  @Test
  void logMoment_eitherSign_isAboveTheDirectSumByALittle() {
    TiltedLoss tilted = TiltedLoss.of(LOSS, 0.5);
    for (double shift : new double[] {-700, -2, 0, 0.7, 900}) {
      double peak = Math.max(shift * LOSS.loss(0), shift * LOSS.loss(3));
      double sum = 0;
      for (int i = 0; i < LOSS.size(); i++) {
        sum += tilted.weight()[i] * Math.exp(shift * LOSS.loss(i) - peak);
      }
      double exact = peak + Math.log(sum);
      double excess = tilted.logMoment(shift) - exact;
      assertEquals(1e-9 * (1 + Math.abs(peak) * 1e-6), excess, 1e-11, () -> "shift " + shift);
    }
  }

  @Test
  void relativeError_countsTheExponents() {
    TiltedLoss tilted = TiltedLoss.of(LOSS, -2);
    double expected = 1e-12 + 8 * 0x1p-53 * (2 * 2.75 + 800 + Math.abs(tilted.scale()));
    assertEquals(expected, tilted.relativeError(-2), 1e-25);
  }
}
