package io.rona.student.loss;

/**
 * Relational knowledge distillation (Park et al., 2019): distances and angles among the examples of
 * a batch. Both are functions of the squared distances of all pairs, which are computed by
 * differences: no cancellation where two examples are close.
 */
final class RelationalLosses {

  private RelationalLosses() {}

  /** Distances relative to their mean. */
  record Distance() implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      input.student().requireBatchOf(input.teacher());
      Matrix student = input.student().rows();
      Matrix distances = squaredDistances(student).map(Math::sqrt);
      Matrix targets = squaredDistances(input.teacher().rows()).map(Math::sqrt);
      double mean = meanOfPositive(distances);
      double teacherMean = meanOfPositive(targets);
      Matrix differences = distances.map(targets, (d, t) -> d / mean - t / teacherMean);
      double pairs = (double) student.rows() * student.rows();
      Matrix slopes = differences.map(difference -> smoothSlope(difference) / (pairs * mean));
      // The mean moves with every distance.
      double alongMean =
          slopes.map(distances, (s, d) -> s * d).sum() / (mean * positive(distances));
      Matrix atSquares =
          slopes.map(distances, (slope, d) -> d > 0 ? (slope - alongMean) / (2 * d) : 0);
      return LossValue.of(
          differences.map(RelationalLosses::smooth).sum() / pairs,
          input.student().with(distanceGradient(student, atSquares).values()));
    }
  }

  /** Angles of all triplets. */
  record Angle() implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      input.student().requireBatchOf(input.teacher());
      Matrix student = input.student().rows();
      Matrix own = squaredDistances(student);
      Matrix wanted = squaredDistances(input.teacher().rows());
      int n = own.rows();
      double triplets = (double) n * n * n;
      Matrix atSquares = new Matrix(n, n);
      double value = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < n; k++) {
            double difference = cosine(own, i, j, k) - cosine(wanted, i, j, k);
            value += smooth(difference);
            addCosineGradient(own, i, j, k, smoothSlope(difference) / triplets, atSquares);
          }
        }
      }
      return LossValue.of(
          value / triplets, input.student().with(distanceGradient(student, atSquares).values()));
    }

    /** Cosine of the angle at i between j and k; 0 where one of them coincides with i. */
    private static double cosine(Matrix squares, int i, int j, int k) {
      double product = squares.get(i, j) * squares.get(i, k);
      return product > 0
          ? (squares.get(i, j) + squares.get(i, k) - squares.get(j, k)) / (2 * Math.sqrt(product))
          : 0;
    }

    private static void addCosineGradient(
        Matrix squares, int i, int j, int k, double slope, Matrix gradient) {
      double a = squares.get(i, j);
      double b = squares.get(i, k);
      // An example's angle with itself is 1 whatever the distances are.
      if (!(a * b > 0) || j == k) {
        return;
      }
      double root = Math.sqrt(a * b);
      double opposite = squares.get(j, k);
      gradient.add(i, j, slope * (a - b + opposite) / (4 * a * root));
      gradient.add(i, k, slope * (b - a + opposite) / (4 * b * root));
      gradient.add(j, k, -slope / (2 * root));
    }
  }

  private static Matrix squaredDistances(Matrix rows) {
    int n = rows.rows();
    Matrix result = new Matrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double sum = 0;
        for (int c = 0; c < rows.columns(); c++) {
          double difference = rows.get(i, c) - rows.get(j, c);
          sum += difference * difference;
        }
        result.set(i, j, sum);
        result.set(j, i, sum);
      }
    }
    return result;
  }

  /** Carries a gradient at the squared distances back to the rows. */
  private static Matrix distanceGradient(Matrix rows, Matrix atSquares) {
    Matrix result = new Matrix(rows.rows(), rows.columns());
    for (int i = 0; i < rows.rows(); i++) {
      for (int j = 0; j < rows.rows(); j++) {
        double slope = 2 * (atSquares.get(i, j) + atSquares.get(j, i));
        for (int c = 0; c < rows.columns(); c++) {
          result.add(i, c, slope * (rows.get(i, c) - rows.get(j, c)));
        }
      }
    }
    return result;
  }

  private static double positive(Matrix distances) {
    return Math.max(1, distances.map(distance -> distance > 0 ? 1 : 0).sum());
  }

  /** Mean of the distances that are not 0; 1 where all are. */
  private static double meanOfPositive(Matrix distances) {
    double sum = distances.sum();
    return sum > 0 ? sum / positive(distances) : 1;
  }

  /** Huber's function with delta 1 ("smooth L1"). */
  private static double smooth(double difference) {
    double size = Math.abs(difference);
    return size < 1 ? 0.5 * size * size : size - 0.5;
  }

  private static double smoothSlope(double difference) {
    return Math.max(-1, Math.min(1, difference));
  }
}
