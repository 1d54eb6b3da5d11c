package io.rona.student;

import io.rona.query.engine.NetworkTrainer.BatchLoss;
import io.rona.student.loss.Loss;
import io.rona.student.loss.LossInput;
import io.rona.student.loss.Losses;
import io.rona.student.loss.Reduction;
import io.rona.student.loss.TeacherForm;
import io.rona.student.loss.Temperature;
import io.rona.student.loss.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Targets for a set of examples, as the gradient that carries them to the weights. */
final class Lesson {

  private Lesson() {}

  /**
   * Weighted cross entropy at the logits, times the square of the temperature.
   *
   * @param targets one row an example; not modified
   * @param weights one weight an example, from 0 to 1; not modified
   * @param temperature of the student's softmax, by the part of the phase that is over
   */
  static BatchLoss classes(double[][] targets, float[] weights, DoubleUnaryOperator temperature) {
    return (outputs, batch) -> {
      int[] examples = batch.examples();
      Loss loss =
          Losses.softCrossEntropy(
              Temperature.scaled(temperature.applyAsDouble(batch.progress())),
              TeacherForm.PROBABILITIES,
              Reduction.BATCH_MEAN);
      Tensor wanted = rows(targets, examples);
      LossInput input = LossInput.of(Tensor.of(outputs.logits()), wanted);
      return outputs.gradientAtLogits(gradient(loss, input.withMask(entries(weights, examples))));
    };
  }

  /**
   * Mean cross entropy of public labels.
   *
   * @param classes one an example; not modified
   */
  static BatchLoss labels(int[] classes) {
    Loss loss = Losses.labels(Reduction.BATCH_MEAN);
    return (outputs, batch) -> {
      LossInput input = LossInput.of(List.of(Tensor.of(outputs.logits())), List.of());
      int[] wanted = Arrays.stream(batch.examples()).map(i -> classes[i]).toArray();
      return outputs.gradientAtLogits(gradient(loss, input.withLabels(wanted)));
    };
  }

  private static INDArray gradient(Loss loss, LossInput input) {
    return loss.evaluate(input).student().get(0).toArray(DataType.FLOAT);
  }

  private static Tensor rows(double[][] rows, int[] examples) {
    int width = rows[examples[0]].length;
    double[] values = new double[examples.length * width];
    for (int i = 0; i < examples.length; i++) {
      System.arraycopy(rows[examples[i]], 0, values, i * width, width);
    }
    return Tensor.of(new int[] {examples.length, width}, values);
  }

  private static Tensor entries(float[] column, int[] examples) {
    double[] values = new double[examples.length];
    for (int i = 0; i < examples.length; i++) {
      values[i] = column[examples[i]];
    }
    return Tensor.of(new int[] {examples.length}, values);
  }
}
