package io.rona.student.loss;

/** Attention transfer: maps of where a layer is active (Zagoruyko and Komodakis, 2017). */
record AttentionTransfer(AttentionForm form) implements Loss {

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    Tensor teacher = input.teacher();
    student.requireBatchOf(teacher);
    UnitRows own = UnitRows.of(energy(student));
    Matrix wanted = UnitRows.of(energy(teacher)).rows();
    if (wanted.columns() != own.rows().columns()) {
      throw new IllegalArgumentException(
          "maps must have as many positions, but have shapes " + student + " and " + teacher);
    }
    Matrix difference = own.rows().minus(wanted);
    double value = 0;
    Matrix slope = new Matrix(difference.rows(), difference.columns());
    for (int n = 0; n < difference.rows(); n++) {
      double norm = difference.norm(n);
      value += form.value(norm, difference);
      double factor = form.slope(norm, difference);
      for (int i = 0; i < difference.columns(); i++) {
        slope.set(n, i, factor * difference.get(n, i));
      }
    }
    return LossValue.of(value, energyGradient(student, own.gradient(slope)));
  }

  /** Sum over channels of squared activations; its scale cancels out of the unit maps. */
  private static Matrix energy(Tensor maps) {
    int channels = maps.length(1);
    int positions = maps.lengths(2, maps.rank());
    Matrix result = new Matrix(maps.batch(), positions);
    for (int i = 0; i < maps.size(); i++) {
      double value = maps.values()[i];
      result.add(i / (channels * positions), i % positions, value * value);
    }
    return result;
  }

  private static Tensor energyGradient(Tensor maps, Matrix atEnergy) {
    int channels = maps.length(1);
    int positions = atEnergy.columns();
    double[] gradient = new double[maps.size()];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = 2 * maps.values()[i] * atEnergy.get(i / (channels * positions), i % positions);
    }
    return maps.with(gradient);
  }
}
