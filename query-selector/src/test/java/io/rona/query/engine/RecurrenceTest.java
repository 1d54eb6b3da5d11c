package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The recurrent layers against PyTorch 1.13.
 *
 * <p>How the numbers were made: {@code torch.nn.LSTM(2, 3, batch_first=True)} and {@code
 * torch.nn.GRU(2, 3, batch_first=True)} in double precision, weight i of the layer's row (block by
 * block; see {@link CellMath}) {@code 0.8 * sin(1 + i)}, the rows' gates in PyTorch's order, all of
 * {@code bias_hh_l0} 0 but for the candidate of the GRU; entry i of the inputs {@code [2, 2, 4]}
 * (rows, channels, places) {@code cos(2 * i)}. State behind the last place; gradient of its sum at
 * the inputs, and squared norm of that of the weights.
 */
final class RecurrenceTest {
  private static final int ROWS = 2;
  private static final int CHANNELS = 2;
  private static final int PLACES = 4;
  private static final int UNITS = 3;

  private static Stream<Arguments> peers() {
    return Stream.of(
        Arguments.of(
            RecurrentCell.LSTM,
            new float[] {0.2205222f, 0.2591428f, 0.1178293f, 0.0216548f, 0.1063378f, 0.1824355f},
            new float[] {
              0.0138925f, 0.0004261f, 0.0039002f, 0.0632951f, 0.0169975f, 0.0282331f, 0.0309548f,
              0.1964345f, 0.0069641f, 0.0291415f, 0.0421652f, 0.1693719f, -0.0037587f, 0.0207966f,
              0.0622162f, 0.2519698f
            },
            0.0821543503 + 0.0357690734 + 0.6159412681),
        Arguments.of(
            RecurrentCell.GRU,
            new float[] {-0.9094530f, 0.4872252f, 0.2704268f, -0.8751631f, -0.2761876f, 0.3720285f},
            new float[] {
              0.0573829f, 0.0616508f, 0.0318528f, 0.1450805f, -0.0102793f, 0.0768941f, -0.0732110f,
              -0.3479786f, 0.0041137f, -0.0209299f, 0.2779821f, 0.2574998f, 0.0229280f, -0.1843363f,
              0.2094176f, 0.2807009f
            },
            0.5697116090 + 0.3560307521 + 3.0709289249 + 0.5938935394));
  }

  private static int weightCount(CellMath cell) {
    return cell.blocks().stream()
        .mapToInt(block -> block.count() * UNITS * (block.width(CHANNELS, UNITS) + 1))
        .sum();
  }

  private static float[] row(CellMath cell) {
    float[] row = new float[weightCount(cell)];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (0.8 * Math.sin(1 + i));
    }
    return row;
  }

  private static float[] inputs(int rows) {
    float[] inputs = new float[rows * CHANNELS * PLACES];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) Math.cos(2 * i);
    }
    return inputs;
  }

  private static Recurrence forward(RecurrentCell kind, int rows) {
    CellMath cell = CellMath.of(kind, UNITS);
    return Recurrence.forward(new RecurrentWeights(cell, CHANNELS, row(cell)), rows, inputs(rows));
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @ParameterizedTest
  @MethodSource("peers")
  void forwardAndBack_areThoseOfPyTorch(
      RecurrentCell kind, float[] state, float[] atInputs, double squares) {
    Recurrence recurrence = forward(kind, ROWS);
    assertArrayEquals(state, recurrence.state(), 1e-6f);
    recurrence.back(ones(ROWS * UNITS));
    assertArrayEquals(atInputs, recurrence.atInputs(), 1e-6f);
    double found = 0;
    for (float entry : recurrence.ofWeights()) {
      found += entry * entry;
    }
    assertEquals(squares, found, 1e-5 * squares);
  }

  /** Many rows take one place at a time, and several threads. */
  @ParameterizedTest
  @MethodSource("peers")
  void manyRows_areAsFew(RecurrentCell kind, float[] state, float[] atInputs, double squares) {
    int rows = 1 << 16;
    Recurrence recurrence = forward(kind, rows);
    assertArrayEquals(state, Arrays.copyOf(recurrence.state(), state.length), 1e-6f);
    float[] first = new float[rows * UNITS];
    Arrays.fill(first, 0, state.length, 1);
    recurrence.back(first);
    float[] found = Arrays.copyOf(recurrence.atInputs(), atInputs.length + 1);
    assertArrayEquals(atInputs, Arrays.copyOf(found, atInputs.length), 1e-6f);
    assertEquals(0, found[atInputs.length], "another row");
    double sum = 0;
    for (float entry : recurrence.ofWeights()) {
      sum += entry * entry;
    }
    assertEquals(squares, sum, 1e-5 * squares);
  }

  @Test
  void forward_sumsOfAnySize_staysWithinBounds() {
    for (RecurrentCell kind : RecurrentCell.values()) {
      CellMath cell = CellMath.of(kind, UNITS);
      float[] huge = inputs(ROWS);
      IntStream.range(0, huge.length).forEach(i -> huge[i] *= 1e30f);
      Recurrence recurrence =
          Recurrence.forward(new RecurrentWeights(cell, CHANNELS, row(cell)), ROWS, huge);
      for (float entry : recurrence.state()) {
        assertTrue(Math.abs(entry) <= 1, () -> kind + " " + entry);
      }
    }
  }
}
