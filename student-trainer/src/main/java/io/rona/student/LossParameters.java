package io.rona.student;

import io.rona.student.loss.Tensor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;

/** A loss's own parameters, trained along by Adam (Kingma and Ba, 2015); they start at 0. */
final class LossParameters {

  private static final double FIRST_DECAY = 0.9;
  private static final double SECOND_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final double[] values;
  private final double[] first;
  private final double[] second;
  private final double learningRate;
  private int steps;

  LossParameters(int count, double learningRate) {
    this.values = new double[count];
    this.first = new double[count];
    this.second = new double[count];
    this.learningRate = learningRate;
  }

  /** As the loss takes them: none, or one vector. */
  List<Tensor> values() {
    return values.length == 0 ? List.of() : List.of(Tensor.of(new int[] {values.length}, values));
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(steps);
    for (double[] row : List.of(values, first, second)) {
      for (double value : row) {
        out.writeDouble(value);
      }
    }
  }

  void read(DataInputStream in) throws IOException {
    steps = in.readInt();
    for (double[] row : List.of(values, first, second)) {
      for (int i = 0; i < row.length; i++) {
        row[i] = in.readDouble();
      }
    }
  }

  void step(List<Tensor> gradients) {
    if (gradients.isEmpty()) {
      return;
    }
    double[] gradient = gradients.get(0).toDoubles();
    steps++;
    double rate =
        learningRate
            * Math.sqrt(1 - Math.pow(SECOND_DECAY, steps))
            / (1 - Math.pow(FIRST_DECAY, steps));
    for (int i = 0; i < values.length; i++) {
      first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * gradient[i];
      second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * gradient[i] * gradient[i];
      values[i] -= rate * first[i] / (Math.sqrt(second[i]) + EPSILON);
    }
  }
}
