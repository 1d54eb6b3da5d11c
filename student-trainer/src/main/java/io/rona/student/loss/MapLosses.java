package io.rona.student.loss;

import java.util.List;

/** Losses of the channels of feature maps, {@code [n, channels, ...]}. */
final class MapLosses {

  private MapLosses() {}

  /** Inter-channel correlation (Liu et al., 2021): unit rows of each example's channel products. */
  record ChannelCorrelation() implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor student = input.student();
      Tensor teacher = input.teacher();
      student.requireBatchOf(teacher);
      int channels = student.length(1);
      int batch = student.batch();
      double[] gradient = new double[student.size()];
      double factor = 1.0 / ((double) channels * batch * batch);
      double value = 0;
      for (int n = 0; n < batch; n++) {
        Matrix own = student.example(n, channels);
        UnitRows unit = UnitRows.of(own.gram());
        Matrix wanted = UnitRows.of(teacher.example(n, teacher.length(1)).gram()).rows();
        if (wanted.rows() != channels) {
          throw new IllegalArgumentException(
              "maps must have as many channels, but have shapes " + student + " and " + teacher);
        }
        Matrix difference = unit.rows().minus(wanted);
        value += factor * difference.sumOfSquares();
        Matrix slope = own.gramGradient(unit.gradient(difference.times(2 * factor)));
        System.arraycopy(
            slope.values(), 0, gradient, n * slope.values().length, slope.values().length);
      }
      return LossValue.of(value, student.with(gradient));
    }
  }

  /**
   * Activation boundaries (Heo et al., 2019): the student's activations shall have the teacher's
   * signs, by a margin.
   */
  record ActivationBoundary(double margin) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor student = input.student();
      student.requireShapeOf(input.teacher());
      double[] gradient = new double[student.size()];
      double value = 0;
      for (int i = 0; i < gradient.length; i++) {
        double sign = input.teacher().values()[i] > 0 ? 1 : -1;
        double lack = Math.max(0, margin - sign * student.values()[i]);
        value += lack * lack / student.batch();
        gradient[i] = -2 * sign * lack / student.batch();
      }
      return LossValue.of(value, student.with(gradient));
    }
  }

  /**
   * Variational information distillation (Ahn et al., 2019): the student predicts the teacher's
   * features with a learned variance a channel, \( \log(1 + e^\rho) + \epsilon \).
   */
  record VariationalInformation(double epsilon, Reduction reduction) implements Loss {
    @Override
    public LossValue evaluate(LossInput input) {
      Tensor mean = input.student();
      mean.requireShapeOf(input.teacher());
      Tensor rho = input.parameters().get(0);
      int channels = mean.length(1);
      int positions = mean.lengths(2, mean.rank());
      if (rho.size() != channels) {
        throw new IllegalArgumentException(
            "variances must be one a channel of " + mean + ", but are " + rho);
      }
      double factor = reduction.factor(mean.size(), mean.batch());
      double[] atMean = new double[mean.size()];
      double[] atRho = new double[channels];
      double value = 0;
      for (int i = 0; i < atMean.length; i++) {
        int channel = i / positions % channels;
        double variance = softplus(rho.values()[channel]) + epsilon;
        double difference = mean.values()[i] - input.teacher().values()[i];
        double scaled = difference * difference / variance;
        value += factor * (scaled + Math.log(variance)) / 2;
        atMean[i] = factor * difference / variance;
        atRho[channel] += factor * sigmoid(rho.values()[channel]) * (1 - scaled) / (2 * variance);
      }
      return new LossValue(value, List.of(mean.with(atMean)), List.of(rho.with(atRho)));
    }

    private static double softplus(double rho) {
      return Math.max(rho, 0) + Math.log1p(Math.exp(-Math.abs(rho)));
    }

    private static double sigmoid(double rho) {
      return 1 / (1 + Math.exp(-rho));
    }
  }
}
