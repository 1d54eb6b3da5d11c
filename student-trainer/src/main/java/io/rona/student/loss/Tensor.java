package io.rona.student.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A block of double values with a shape, in row-major order ("c"). Immutable.
 *
 * <p>It lives on the heap: the intermediate results of a loss are many and short-lived, and the
 * garbage collector sees them, which it does not for arrays of the tensor engine.
 */
public final class Tensor {

  private final int[] shape;
  private final double[] values;

  private Tensor(int[] shape, double[] values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * Copies values.
   *
   * @param shape sizes of the dimensions, each at least 1; not modified
   * @param values in row-major order; not modified
   * @return the tensor
   * @throws IllegalArgumentException if there are more or fewer values than the shape says
   */
  public static Tensor of(int[] shape, double[] values) {
    return own(shape.clone(), values.clone());
  }

  /**
   * Copies an array of the tensor engine.
   *
   * @param array of any type and order; not modified
   * @return the tensor of the same shape
   */
  public static Tensor of(INDArray array) {
    int[] shape = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
    return own(shape, array.dup('c').data().asDouble());
  }

  /** Takes the arrays as they are: the caller must not change them any more. */
  static Tensor own(int[] shape, double[] values) {
    long size = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (!(Arrays.stream(shape).allMatch(length -> length >= 1) && size == values.length)) {
      throw new IllegalArgumentException(
          "values must be as many as the shape "
              + Arrays.toString(shape)
              + " says, but are "
              + values.length);
    }
    return new Tensor(shape, values);
  }

  /** A tensor of this shape with other values, which the caller must not change any more. */
  Tensor with(double[] others) {
    return own(shape, others);
  }

  /**
   * Copies the values into an array of the tensor engine.
   *
   * @param type its type, {@code FLOAT} for the networks here
   * @return an array of the same shape
   */
  public INDArray toArray(DataType type) {
    long[] lengths = Arrays.stream(shape).asLongStream().toArray();
    return Nd4j.createFromArray(values).castTo(type).reshape(lengths);
  }

  /**
   * Returns the sizes of the dimensions.
   *
   * @return a copy
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Returns the values in row-major order.
   *
   * @return a copy
   */
  public double[] toDoubles() {
    return values.clone();
  }

  /** The values themselves, not to be changed. */
  double[] values() {
    return values;
  }

  /**
   * Counts the dimensions.
   *
   * @return at least 0
   */
  public int rank() {
    return shape.length;
  }

  /**
   * Counts the values.
   *
   * @return at least 1
   */
  public int size() {
    return values.length;
  }

  /** Size of a dimension; negative numbers count from the last. */
  int length(int dimension) {
    return shape[dimension < 0 ? dimension + shape.length : dimension];
  }

  /** Product of the sizes of the dimensions from one to another, the second not among them. */
  int lengths(int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= shape[i];
    }
    return product;
  }

  /** Number of examples: the size of the first dimension. */
  int batch() {
    return shape[0];
  }

  /** The same values as one row an example. */
  Matrix rows() {
    return new Matrix(batch(), size() / batch(), values);
  }

  /** The same values as one row a position: all dimensions but the last are positions. */
  Matrix positions() {
    return new Matrix(size() / length(-1), length(-1), values);
  }

  /** One example of the batch as a matrix of the given number of rows. */
  Matrix example(int index, int rows) {
    int size = size() / batch();
    return new Matrix(
        rows, size / rows, Arrays.copyOfRange(values, index * size, (index + 1) * size));
  }

  void requireShapeOf(Tensor other) {
    if (!Arrays.equals(shape, other.shape)) {
      throw new IllegalArgumentException(
          "student and teacher must have one shape, but have " + this + " and " + other);
    }
  }

  void requireBatchOf(Tensor other) {
    if (!(rank() >= 2 && other.rank() >= 2 && batch() == other.batch())) {
      throw new IllegalArgumentException(
          "student and teacher must have the same examples, but have " + this + " and " + other);
    }
  }

  void requireRank(int rank) {
    if (rank() != rank) {
      throw new IllegalArgumentException(
          "tensor must have " + rank + " dimensions, but has " + this);
    }
  }

  /** The shape alone: values may be large, or nobody's business. */
  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}
