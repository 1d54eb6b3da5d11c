package io.rona.student.loss;

/**
 * RONA's hint loss as published (Wang et al., 2019): clipped and noised as a number. A negative
 * control: the noise reaches the value and no gradient, so it protects nothing. Not for use.
 */
record PublishedBoundedLoss(double bound, Tensor noise) implements Loss {
  private static final double EPSILON = 1e-6;

  @Override
  public LossValue evaluate(LossInput input) {
    Matrix difference = input.student().rows().minus(input.teacher().rows());
    Matrix gradient = new Matrix(difference.rows(), difference.columns());
    double value = 0;
    for (int n = 0; n < difference.rows(); n++) {
      double loss = Matrix.dot(difference, n, difference, n);
      double shifted = loss + EPSILON;
      boolean inside = shifted <= bound;
      double clipped = loss * bound * Math.min(1 / shifted, 1 / bound);
      value += (clipped + noise.values()[n]) / (2 * difference.rows());
      double slope = inside ? 1 : bound * EPSILON / (shifted * shifted);
      for (int c = 0; c < difference.columns(); c++) {
        gradient.set(n, c, slope / difference.rows() * difference.get(n, c));
      }
    }
    return LossValue.of(value, input.student().with(gradient.values()));
  }
}
