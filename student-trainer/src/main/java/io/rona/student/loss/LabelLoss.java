package io.rona.student.loss;

/** Cross entropy against public labels. */
final class LabelLoss implements Loss {

  private final Loss crossEntropy;

  LabelLoss(Reduction reduction) {
    this.crossEntropy =
        new LogitLoss(
            LogitLoss.crossEntropy(TeacherForm.PROBABILITIES), Temperature.ONE, reduction);
  }

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    Tensor targets = oneHot(input.labels(), input.weights(student, positions(student)), student);
    LossInput plain = LossInput.of(student, targets);
    return crossEntropy.evaluate(input.mask().map(plain::withMask).orElse(plain));
  }

  private static int positions(Tensor student) {
    return student.size() / student.length(-1);
  }

  private static Tensor oneHot(int[] labels, Weights weights, Tensor student) {
    int classes = student.length(-1);
    if (labels.length != positions(student)) {
      throw new IllegalArgumentException(
          "labels must be one a position of " + student + ", but are " + labels.length);
    }
    double[] targets = new double[student.size()];
    for (int i = 0; i < labels.length; i++) {
      boolean inside = labels[i] >= 0 && labels[i] < classes;
      if (inside) {
        targets[i * classes + labels[i]] = 1;
      } else if (weights.get(i) > 0) {
        throw new IllegalArgumentException(
            "label must lie between 0 and " + (classes - 1) + ", but is " + labels[i]);
      }
    }
    return student.with(targets);
  }
}
