package io.rona.query.features;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.NativeMemory;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Linear least squares with an L2 penalty, \( \min_W \|XW - Y\|^2 + \lambda \|W\|^2 \), solved in
 * the smaller of the primal and the dual form (Hoerl and Kennard, 1970; Saunders et al., 1998).
 */
public final class RidgeRegression {

  private RidgeRegression() {}

  /**
   * Fits the weights.
   *
   * @param inputs \( X \), shape {@code [n, d]}, n may be 0; not modified
   * @param targets \( Y \), shape {@code [n, c]}; not modified
   * @param penalty \( \lambda \), greater than 0
   * @return \( W \), shape {@code [d, c]}, float
   * @throws IllegalArgumentException if the penalty is not greater than 0
   * @throws ArithmeticException if the penalty is lost in the rounding of inputs this large
   */
  public static INDArray fit(INDArray inputs, INDArray targets, double penalty) {
    requirePositive(penalty);
    if (inputs.size(0) == 0) {
      return Nd4j.zeros(DataType.FLOAT, inputs.size(1), targets.size(1));
    }
    boolean dual = inputs.size(0) <= inputs.size(1);
    INDArray transposed = inputs.transpose();
    INDArray gram = dual ? inputs.mmul(transposed) : transposed.mmul(inputs);
    INDArray right = dual ? targets : transposed.mmul(targets);
    INDArray solution = solve(gram, right, penalty);
    return dual ? transposed.mmul(solution) : solution;
  }

  /**
   * What is learned from examples.
   *
   * @param inputs rows of \( X \), shape {@code [n, d]}
   * @param targets rows of \( Y \), shape {@code [n, c]}
   */
  public record Rows(INDArray inputs, INDArray targets) implements AutoCloseable {
    @Override
    public void close() {
      NativeMemory.free(inputs);
      NativeMemory.free(targets);
    }
  }

  /**
   * Fits the weights to examples whose rows need not be in memory as a whole: those of a large set
   * are made block by block, and only \( X^T X \) and \( X^T Y \) are kept.
   *
   * @param examples at least one
   * @param rows makes the rows of a block, whatever the other blocks are; they are closed here
   * @param penalty \( \lambda \), greater than 0
   * @return \( W \), shape {@code [d, c]}, float
   * @throws IllegalArgumentException if the penalty is not greater than 0
   * @throws ArithmeticException if the penalty is lost in the rounding of inputs this large
   */
  public static INDArray fit(ExampleSet examples, Function<ExampleSet, Rows> rows, double penalty) {
    requirePositive(penalty);
    List<ExampleSet> blocks = ExampleBlocks.of(examples);
    if (blocks.size() == 1) {
      try (Rows all = rows.apply(examples)) {
        return fit(all.inputs(), all.targets(), penalty);
      }
    }
    INDArray gram = Nd4j.empty(DataType.DOUBLE);
    INDArray right = Nd4j.empty(DataType.DOUBLE);
    for (int i = 0; i < blocks.size(); i++) {
      try (Rows block = rows.apply(blocks.get(i))) {
        INDArray transposed = block.inputs().transpose();
        INDArray ofInputs = transposed.mmul(block.inputs()).castTo(DataType.DOUBLE);
        INDArray ofTargets = transposed.mmul(block.targets()).castTo(DataType.DOUBLE);
        gram = i == 0 ? ofInputs : gram.addi(ofInputs);
        right = i == 0 ? ofTargets : right.addi(ofTargets);
      }
    }
    return solve(gram, right, penalty);
  }

  private static void requirePositive(double penalty) {
    if (!(penalty > 0 && penalty < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("penalty must be greater than 0, but is " + penalty);
    }
  }

  private static INDArray solve(INDArray gram, INDArray right, double penalty) {
    double[][] matrix = gram.castTo(DataType.DOUBLE).toDoubleMatrix();
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < i; j++) {
        // Matrix products round the two triangles differently; Cholesky asks for symmetry.
        matrix[i][j] = matrix[j][i];
      }
      matrix[i][i] += penalty;
    }
    RealMatrix solution =
        decompose(matrix)
            .getSolver()
            .solve(new Array2DRowRealMatrix(right.castTo(DataType.DOUBLE).toDoubleMatrix(), false));
    return Nd4j.createFromArray(solution.getData()).castTo(DataType.FLOAT);
  }

  private static CholeskyDecomposition decompose(double[][] matrix) {
    try {
      return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false));
    } catch (NonPositiveDefiniteMatrixException e) {
      // Its message holds a number computed from records, so it is not passed on.
      throw notPositive();
    }
  }

  private static ArithmeticException notPositive() {
    return new ArithmeticException(
        "penalty must be large enough for the size of the inputs, but is lost in their rounding");
  }
}
