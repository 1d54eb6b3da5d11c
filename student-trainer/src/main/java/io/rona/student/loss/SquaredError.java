package io.rona.student.loss;

/** Squared difference of two tensors of one shape. */
record SquaredError(Reduction reduction) implements Loss {

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    Tensor teacher = input.teacher();
    student.requireShapeOf(teacher);
    int positions = input.mask().map(Tensor::size).orElse(1);
    Weights weights = Weights.of(input.mask(), student.shape(), positions);
    int each = student.size() / positions;
    double factor = reduction.factor(weights.sum() * each, student.batch());
    double[] gradient = new double[student.size()];
    double value = 0;
    for (int i = 0; i < gradient.length; i++) {
      double weight = factor * weights.get(i / each);
      // A masked position counts for nothing even where its values are not finite.
      if (weight > 0) {
        double difference = student.values()[i] - teacher.values()[i];
        value += weight * difference * difference;
        gradient[i] = 2 * weight * difference;
      }
    }
    return LossValue.of(value, student.with(gradient));
  }
}
