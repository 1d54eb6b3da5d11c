package io.rona.student.loss;

import java.util.Arrays;
import java.util.List;

/** Targets made of the answers of one teacher or several, before any loss sees them. */
public final class Teachers {

  private Teachers() {}

  /**
   * Averages tensors: of logits, for {@link TeacherForm#LOGITS}.
   *
   * @param answers of one shape, at least one; not modified
   * @return their mean
   */
  public static Tensor mean(List<Tensor> answers) {
    Tensor sum = answers.stream().reduce(LossValue::plus).orElseThrow();
    return sum.with(sum.rows().times(1.0 / answers.size()).values());
  }

  /**
   * Averages softened probabilities, for {@link TeacherForm#PROBABILITIES}. This is not the softmax
   * of {@link #mean}.
   *
   * @param logits of one shape, at least one; not modified
   * @param temperature greater than 0
   * @return the mean of their softmaxes
   */
  public static Tensor meanProbabilities(List<Tensor> logits, double temperature) {
    Temperature.requirePositive(temperature);
    return mean(
        logits.stream()
            .map(answer -> answer.with(Softmax.of(answer, temperature).values()))
            .toList());
  }

  /**
   * Exchanges the logit of the true class with the largest one ("probability shift", Wen, Lai and
   * Qian, 2019), so that the teacher is right. The labels must be public.
   *
   * @param logits the teacher's; not modified
   * @param labels one class a position; not modified
   * @return the corrected logits
   * @throws IllegalArgumentException if a label is no class
   */
  public static Tensor shiftedToLabels(Tensor logits, int[] labels) {
    int classes = logits.length(-1);
    double[] values = logits.toDoubles();
    if (!(labels.length * classes == values.length
        && Arrays.stream(labels).allMatch(label -> label >= 0 && label < classes))) {
      throw new IllegalArgumentException(
          "labels must be one class a position of " + logits + ", but are not");
    }
    for (int i = 0; i < labels.length; i++) {
      int largest = i * classes;
      for (int at = i * classes; at < (i + 1) * classes; at++) {
        largest = values[at] > values[largest] ? at : largest;
      }
      double swapped = values[largest];
      values[largest] = values[i * classes + labels[i]];
      values[i * classes + labels[i]] = swapped;
    }
    return logits.with(values);
  }
}
