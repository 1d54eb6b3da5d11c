package io.rona.student.loss;

import io.rona.query.engine.CrossEntropy;
import java.util.Arrays;

/**
 * A loss of one row of logits a position, summed over positions: masks, temperatures, reduction.
 */
final class LogitLoss implements Loss {

  private final Row row;
  private final Temperature temperature;
  private final Reduction reduction;

  LogitLoss(Row row, Temperature temperature, Reduction reduction) {
    this.row = row;
    this.temperature = temperature;
    this.reduction = reduction;
  }

  /** The loss of one position. */
  @FunctionalInterface
  interface Row {
    /**
     * Computes value and gradient.
     *
     * @param student logits; not modified
     * @param teacher logits or probabilities; not modified
     * @param temperature of the softmax
     */
    RowValue evaluate(double[] student, double[] teacher, double temperature);
  }

  /** Value and gradient of one position. */
  static final class RowValue {
    private final double value;
    private final double[] gradient;

    RowValue(double value, double[] gradient) {
      this.value = value;
      this.gradient = gradient;
    }
  }

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    Tensor teacher = input.teacher();
    student.requireShapeOf(teacher);
    int classes = student.length(-1);
    int positions = student.size() / classes;
    Weights weights = input.weights(student, positions);
    double[] temperatures = input.temperatures(temperature.value(), positions);
    double factor = reduction.factor(weights.sum(), student.batch());
    double[] gradient = new double[student.size()];
    double value = 0;
    for (int i = 0; i < positions; i++) {
      // A masked position counts for nothing even where its values are not finite.
      if (weights.get(i) > 0) {
        double weight = factor * weights.get(i) * square(temperatures[i]);
        int at = i * classes;
        RowValue one =
            row.evaluate(at(student, at, classes), at(teacher, at, classes), temperatures[i]);
        value += weight * one.value;
        for (int c = 0; c < classes; c++) {
          gradient[at + c] = weight * one.gradient[c];
        }
      }
    }
    return LossValue.of(value, student.with(gradient));
  }

  private double square(double tau) {
    Temperature.requirePositive(tau);
    return temperature.timesSquare() ? tau * tau : 1;
  }

  private static double[] at(Tensor tensor, int from, int classes) {
    return Arrays.copyOfRange(tensor.values(), from, from + classes);
  }

  /** Cross entropy against the teacher. */
  static Row crossEntropy(TeacherForm form) {
    return (student, teacher, tau) -> {
      CrossEntropy.Row entropy = CrossEntropy.Row.of(student, tau);
      double[] targets = form == TeacherForm.LOGITS ? softmax(teacher, tau) : teacher;
      return new RowValue(entropy.value(targets), entropy.gradient(targets));
    };
  }

  /** Kullback-Leibler divergence of the student from the teacher. */
  static Row forwardDivergence(TeacherForm form) {
    return (student, teacher, tau) -> {
      CrossEntropy.Row entropy = CrossEntropy.Row.of(student, tau);
      double[] logs = entropy.logProbabilities();
      double[] teacherLogs = logProbabilities(teacher, form, tau);
      double[] targets = exp(teacherLogs);
      double value = 0;
      for (int c = 0; c < logs.length; c++) {
        value += targets[c] == 0 ? 0 : targets[c] * (teacherLogs[c] - logs[c]);
      }
      return new RowValue(value, entropy.gradient(targets));
    };
  }

  /** Kullback-Leibler divergence of the teacher from the student. */
  static Row reverseDivergence(TeacherForm form) {
    return (student, teacher, tau) -> {
      double[] logs = CrossEntropy.Row.of(student, tau).logProbabilities();
      double[] teacherLogs = logProbabilities(teacher, form, tau);
      double[] probabilities = exp(logs);
      double value = 0;
      for (int c = 0; c < logs.length; c++) {
        value += probabilities[c] * (logs[c] - teacherLogs[c]);
      }
      double[] gradient = new double[logs.length];
      for (int c = 0; c < logs.length; c++) {
        gradient[c] = probabilities[c] * (logs[c] - teacherLogs[c] - value) / tau;
      }
      return new RowValue(value, gradient);
    };
  }

  /** Mean over classes of the squared difference of softened logits. */
  static RowValue squaredError(double[] student, double[] teacher, double tau) {
    double[] gradient = new double[student.length];
    double value = 0;
    for (int c = 0; c < gradient.length; c++) {
      double difference = (student[c] - teacher[c]) / tau;
      value += difference * difference / gradient.length;
      gradient[c] = 2 * difference / (tau * gradient.length);
    }
    return new RowValue(value, gradient);
  }

  private static double[] logProbabilities(double[] teacher, TeacherForm form, double tau) {
    if (form == TeacherForm.LOGITS) {
      return CrossEntropy.Row.of(teacher, tau).logProbabilities();
    }
    if (!Arrays.stream(teacher).allMatch(probability -> probability >= 0)) {
      throw new IllegalArgumentException(
          "probabilities must be at least 0 for a divergence, but are not");
    }
    return Arrays.stream(teacher).map(Math::log).toArray();
  }

  static double[] softmax(double[] logits, double tau) {
    return exp(CrossEntropy.Row.of(logits, tau).logProbabilities());
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }
}
