package io.rona.student.loss;

/** Losses of the similarities of a batch's examples to each other. */
final class GramLosses {

  private GramLosses() {}

  /** Similarity-preserving distillation (Tung and Mori, 2019). */
  record SimilarityPreserving(double power) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      input.student().requireBatchOf(input.teacher());
      Matrix student = input.student().rows();
      UnitRows own = UnitRows.ofPower(student.gram(), power);
      Matrix wanted = UnitRows.ofPower(input.teacher().rows().gram(), power).rows();
      double pairs = (double) student.rows() * student.rows();
      Matrix difference = own.rows().minus(wanted);
      Matrix gradient = student.gramGradient(own.gradient(difference.times(2 / pairs)));
      return LossValue.of(
          difference.sumOfSquares() / pairs, input.student().with(gradient.values()));
    }
  }

  /** Correlation congruence (Peng et al., 2019) under a truncated Gaussian kernel. */
  record CorrelationCongruence(double gamma, int order) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      input.student().requireBatchOf(input.teacher());
      Matrix student = input.student().rows();
      Matrix products = student.gram();
      Matrix difference =
          products.map(this::kernel).minus(input.teacher().rows().gram().map(this::kernel));
      double pairs = (double) student.rows() * student.rows();
      double norm = Math.sqrt(difference.sumOfSquares());
      Matrix atGram =
          difference.map(
              products, (d, product) -> norm == 0 ? 0 : d / (norm * pairs) * slope(product));
      return LossValue.of(
          norm / pairs, input.student().with(student.gramGradient(atGram).values()));
    }

    private double kernel(double product) {
      double term = Math.exp(-2 * gamma);
      double sum = term;
      for (int p = 1; p <= order; p++) {
        term *= 2 * gamma * product / p;
        sum += term;
      }
      return sum;
    }

    /** The derivative of a power series that stops one term earlier. */
    private double slope(double product) {
      return order == 0
          ? 0
          : 2 * gamma * new CorrelationCongruence(gamma, order - 1).kernel(product);
    }
  }

  /** Probabilistic knowledge transfer (Passalis and Tefas, 2018). */
  record ProbabilisticTransfer(
      double epsilon, Reduction reduction, boolean symmetric, boolean givenSimilarities)
      implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor teacher = input.teacher();
      input.student().requireBatchOf(teacher);
      Matrix wanted = givenSimilarities ? teacher.rows() : shares(similarity(unit(teacher)));
      UnitRows unit = unit(input.student());
      Matrix similarity = similarity(unit);
      Matrix own = shares(similarity);
      if (wanted.columns() != own.columns()) {
        throw new IllegalArgumentException(
            "similarities must be one a pair of examples, but have shape " + teacher);
      }
      double factor = reduction.factor((double) own.rows() * own.rows(), own.rows());
      double value = divergence(wanted, own) + (symmetric ? divergence(own, wanted) : 0);
      Matrix atShares = own.map(wanted, (p, t) -> factor * slope(p, t));
      Matrix atSimilarity = sharesGradient(similarity, own, atShares);
      Matrix gradient = unit.gradient(unit.rows().gramGradient(atSimilarity.times(0.5)));
      return LossValue.of(factor * value, input.student().with(gradient.values()));
    }

    private UnitRows unit(Tensor tensor) {
      return UnitRows.withAddend(tensor.rows(), epsilon);
    }

    private static Matrix similarity(UnitRows unit) {
      return unit.rows().gram().map(GramLosses::shifted);
    }

    private double divergence(Matrix from, Matrix to) {
      return from.map(to, (t, p) -> t * Math.log((t + epsilon) / (p + epsilon))).sum();
    }

    /** Derivative of one term of the divergence with respect to the student's share. */
    private double slope(double own, double wanted) {
      double forward = -wanted / (own + epsilon);
      double backward = Math.log((own + epsilon) / (wanted + epsilon)) + own / (own + epsilon);
      return symmetric ? forward + backward : forward;
    }
  }

  /** Quadratic mutual information between embeddings and classes (Passalis, 2020). */
  record QuadraticMutualInformation(double epsilon) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      UnitRows unit = UnitRows.withAddend(input.student().rows(), epsilon);
      Matrix coefficients = coefficients(input.labels(), unit.rows().rows());
      double value =
          coefficients.map(unit.rows().gram(), (weight, cos) -> weight * shifted(cos)).sum();
      Matrix gradient = unit.gradient(unit.rows().gramGradient(coefficients.times(0.5)));
      return LossValue.of(value, input.student().with(gradient.values()));
    }

    /** The information is linear in the kernel: what each pair of examples is multiplied by. */
    private static Matrix coefficients(int[] labels, int size) {
      if (labels.length != size) {
        throw new IllegalArgumentException(
            "labels must be one an example, but are " + labels.length + " for " + size);
      }
      double[] shares = new double[size];
      double all = 0;
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          shares[i] += labels[i] == labels[j] ? 1.0 / size : 0;
        }
        // Each of a class's examples adds its part of the square of the class's share.
        all += shares[i] / size;
      }
      Matrix result = new Matrix(size, size);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          double inside = labels[i] == labels[j] ? 1 : 0;
          result.set(i, j, (inside + all - 2 * shares[i]) / ((double) size * size));
        }
      }
      return result;
    }
  }

  /** Row-normalized matrix of "same class", the target of supervised probabilistic transfer. */
  static Tensor sameLabel(int[] labels) {
    Matrix same = new Matrix(labels.length, labels.length);
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < labels.length; j++) {
        same.set(i, j, labels[i] == labels[j] ? 1 : 0);
      }
    }
    return Tensor.own(new int[] {labels.length, labels.length}, shares(same).values());
  }

  private static double shifted(double cosine) {
    return (cosine + 1) / 2;
  }

  private static Matrix shares(Matrix similarity) {
    Matrix result = new Matrix(similarity.rows(), similarity.columns());
    for (int r = 0; r < similarity.rows(); r++) {
      double sum = rowSum(similarity, r);
      for (int c = 0; c < similarity.columns(); c++) {
        result.set(r, c, similarity.get(r, c) / sum);
      }
    }
    return result;
  }

  private static double rowSum(Matrix matrix, int row) {
    double sum = 0;
    for (int c = 0; c < matrix.columns(); c++) {
      sum += matrix.get(row, c);
    }
    return sum;
  }

  /** Carries a gradient at the shares back to the similarities. */
  private static Matrix sharesGradient(Matrix similarity, Matrix shares, Matrix gradient) {
    Matrix result = new Matrix(shares.rows(), shares.columns());
    for (int r = 0; r < shares.rows(); r++) {
      double sum = rowSum(similarity, r);
      double along = Matrix.dot(gradient, r, shares, r);
      for (int c = 0; c < shares.columns(); c++) {
        result.set(r, c, (gradient.get(r, c) - along) / sum);
      }
    }
    return result;
  }
}
