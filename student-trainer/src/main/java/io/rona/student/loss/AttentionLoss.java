package io.rona.student.loss;

import io.rona.query.engine.CrossEntropy;
import java.util.Arrays;

/**
 * Losses of attention scores of shape {@code [n, heads, positions, positions]}, or of merged heads
 * without their dimension (TextBrewer's four).
 */
record AttentionLoss(boolean crossEntropy, AttentionHeads heads) implements Loss {

  /** Scores at or below it stand for masked ones where no mask is given. */
  private static final double MASKED = -1e-3;

  @Override
  public LossValue evaluate(LossInput input) {
    Tensor student = input.student();
    student.requireShapeOf(input.teacher());
    Tensor own = merged(student);
    Tensor wanted = merged(input.teacher());
    int[] positions = {student.batch(), student.length(-1)};
    Weights mask = Weights.of(input.mask(), positions, positions[0] * positions[1]);
    boolean masked = input.mask().isPresent();
    if (masked && student.length(-1) != student.length(-2)) {
      throw new IllegalArgumentException("masked attention must be square, but is " + student);
    }
    Scores scores = new Scores(own, wanted, mask, masked);
    double[] gradient = new double[own.size()];
    double value = 0;
    for (int row = 0; row < own.size() / own.length(-1); row++) {
      value += crossEntropy ? scores.entropy(row, gradient) : scores.squares(row, gradient);
    }
    double terms = scores.terms(crossEntropy);
    LossValue sum = LossValue.of(value, spread(gradient, student));
    return sum.times(terms > 0 ? 1 / terms : 0);
  }

  private boolean merges(Tensor scores) {
    return heads != AttentionHeads.EACH && scores.rank() == 4;
  }

  private Tensor merged(Tensor scores) {
    if (!(scores.rank() == 3 || scores.rank() == 4)) {
      throw new IllegalArgumentException(
          "attention must have 3 or 4 dimensions, but has shape " + scores);
    }
    if (!merges(scores)) {
      return scores;
    }
    int count = scores.length(1);
    int each = scores.length(2) * scores.length(3);
    double[] result = new double[scores.batch() * each];
    for (int i = 0; i < scores.size(); i++) {
      result[i / (count * each) * each + i % each] += heads.factor(count) * scores.values()[i];
    }
    return Tensor.own(new int[] {scores.batch(), scores.length(2), scores.length(3)}, result);
  }

  private Tensor spread(double[] gradient, Tensor scores) {
    if (!merges(scores)) {
      return scores.with(gradient);
    }
    int count = scores.length(1);
    int each = scores.length(2) * scores.length(3);
    double[] result = new double[scores.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = heads.factor(count) * gradient[i / (count * each) * each + i % each];
    }
    return scores.with(result);
  }

  /** Rows of scores: what one position attends to. */
  private record Scores(Tensor student, Tensor teacher, Weights mask, boolean masked) {

    private int width() {
      return student.length(-1);
    }

    /** Number of heads that are compared. */
    private int compared() {
      return student.rank() == 4 ? student.length(1) : 1;
    }

    double terms(boolean entropy) {
      if (!masked) {
        return entropy ? (double) student.size() / width() : student.size();
      }
      return compared() * (entropy ? mask.sum() : mask.pairs(width()));
    }

    /** Weight of the position that attends. */
    private double from(int row) {
      return masked ? mask.get(example(row) * width() + row % student.length(-2)) : 1;
    }

    /** Weight of the position attended to. */
    private double to(int row, int column) {
      return masked ? mask.get(example(row) * width() + column) : 1;
    }

    private int example(int row) {
      return row / (compared() * student.length(-2));
    }

    double squares(int row, double[] gradient) {
      double value = 0;
      for (int c = 0; c < width(); c++) {
        int at = row * width() + c;
        double weight = from(row) * to(row, c);
        if (weight > 0) {
          double difference = kept(student.values()[at]) - kept(teacher.values()[at]);
          value += weight * difference * difference;
          gradient[at] = counts(student.values()[at]) ? 2 * weight * difference : 0;
        }
      }
      return value;
    }

    private boolean counts(double score) {
      return masked || score > MASKED;
    }

    private double kept(double score) {
      return counts(score) ? score : 0;
    }

    double entropy(int row, double[] gradient) {
      double weight = from(row);
      if (weight == 0) {
        return 0;
      }
      int start = row * width();
      double[] own = Arrays.copyOfRange(student.values(), start, start + width());
      double[] wanted = Arrays.copyOfRange(teacher.values(), start, start + width());
      double[] logs = CrossEntropy.Row.of(own, 1).logProbabilities();
      double[] targets = LogitLoss.softmax(wanted, 1);
      double total = 0;
      double value = 0;
      for (int c = 0; c < width(); c++) {
        targets[c] *= counts(wanted[c]) ? to(row, c) : 0;
        total += targets[c];
        value -= targets[c] == 0 ? 0 : weight * targets[c] * logs[c];
      }
      for (int c = 0; c < width(); c++) {
        // Masked targets do not add up to one, which the softmax's derivative sees.
        gradient[start + c] = weight * (total * Math.exp(logs[c]) - targets[c]);
      }
      return value;
    }
  }
}
