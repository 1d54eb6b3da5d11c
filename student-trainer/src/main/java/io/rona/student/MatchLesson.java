package io.rona.student;

import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer.BatchLoss;
import io.rona.student.loss.LossInput;
import io.rona.student.loss.LossValue;
import io.rona.student.loss.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The sum of all matches, as gradients at the network's taps. Holds the losses' own parameters and
 * counts its steps, so one object serves one training.
 */
final class MatchLesson implements BatchLoss {

  private final List<Match> matches;
  private final INDArray hints;
  private final Progression progression;
  private final List<LossParameters> parameters;

  /**
   * Prepares a training.
   *
   * @param matches one a tap, in the order of the taps
   * @param hints one row an example; not modified
   * @param progression counts the steps
   * @param learningRate of the losses' own parameters
   */
  MatchLesson(List<Match> matches, INDArray hints, Progression progression, double learningRate) {
    this.matches = matches;
    this.hints = hints;
    this.progression = progression;
    int width = Math.toIntExact(hints.size(1));
    this.parameters =
        matches.stream()
            .map(match -> match.loss().hasVariances() ? width : 0)
            .map(count -> new LossParameters(count, learningRate))
            .toList();
  }

  @Override
  public Network.Outputs gradient(Network.Outputs outputs, int[] examples) {
    Tensor wanted = Tensor.of(hints.getRows(examples));
    double progress = progression.next();
    List<INDArray> gradients = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      LossInput input =
          LossInput.of(Tensor.of(outputs.taps().get(i)), wanted)
              .withParameters(parameters.get(i).values());
      LossValue value =
          match
              .loss()
              .loss()
              .evaluate(input)
              .times(match.weight() * match.schedule().factor(progress));
      parameters.get(i).step(value.parameters());
      gradients.add(value.student().get(0).toArray(DataType.FLOAT));
    }
    return new Network.Outputs(Nd4j.zerosLike(outputs.logits()), gradients);
  }
}
