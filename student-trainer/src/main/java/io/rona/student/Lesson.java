package io.rona.student;

import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer.BatchLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Targets for a set of examples, as the gradient that carries them to the weights. */
final class Lesson {

  private Lesson() {}

  /**
   * Weighted cross entropy at the logits.
   *
   * @param targets one row an example; not modified
   * @param weights one weight an example; not modified
   * @param temperature of the student's softmax
   */
  static BatchLoss classes(double[][] targets, float[] weights, double temperature) {
    return (outputs, examples) -> {
      float[][] rows = new float[examples.length][];
      float[] column = new float[examples.length];
      for (int i = 0; i < examples.length; i++) {
        rows[i] = toFloat(targets[examples[i]]);
        column[i] = weights[examples[i]];
      }
      INDArray gradient =
          CrossEntropy.gradient(
              outputs.logits(),
              Nd4j.createFromArray(rows),
              Nd4j.createFromArray(column),
              temperature);
      return new Network.Outputs(gradient, Nd4j.zerosLike(outputs.hint()));
    };
  }

  /**
   * Mean squared error at the hint regressor.
   *
   * @param hints one row an example; not modified
   */
  static BatchLoss hints(INDArray hints) {
    return (outputs, examples) -> {
      INDArray difference = outputs.hint().sub(hints.getRows(examples));
      return new Network.Outputs(
          Nd4j.zerosLike(outputs.logits()), difference.muli(2.0 / difference.length()));
    };
  }

  private static float[] toFloat(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
