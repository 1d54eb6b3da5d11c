package io.rona.student;

import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkTrainer.Batch;
import io.rona.query.engine.NetworkTrainer.BatchLoss;
import io.rona.student.loss.LossInput;
import io.rona.student.loss.LossValue;
import io.rona.student.loss.Tensor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The sum of all matches, as gradients at the network's taps. Holds the losses' own parameters, so
 * one object serves one training.
 */
final class MatchLesson implements BatchLoss {

  private final List<Match> matches;
  private final Guide guide;
  private final List<LossParameters> parameters;

  /** The other side of the matches. */
  interface Guide {
    /**
     * Returns what a batch's layers are compared with.
     *
     * @param examples which examples the batch holds
     * @return by match, one row an example
     */
    IntFunction<Tensor> of(int[] examples);

    /**
     * Returns the length of a match's rows.
     *
     * @param match counted from 0
     */
    int width(int match);
  }

  /**
   * Prepares a training.
   *
   * @param matches one a tap, in the order of the taps
   * @param guide what they compare with
   * @param learningRate of the losses' own parameters
   */
  MatchLesson(List<Match> matches, Guide guide, double learningRate) {
    this.matches = matches;
    this.guide = guide;
    this.parameters =
        IntStream.range(0, matches.size())
            .map(i -> matches.get(i).loss().hasVariances() ? guide.width(i) : 0)
            .mapToObj(count -> new LossParameters(count, learningRate))
            .toList();
  }

  @Override
  public Network.Outputs gradient(Network.Outputs outputs, Batch batch) {
    IntFunction<Tensor> wanted = guide.of(batch.examples());
    List<INDArray> gradients = new ArrayList<>();
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      LossInput input =
          LossInput.of(Tensor.of(outputs.taps().get(i)), wanted.apply(i))
              .withParameters(parameters.get(i).values());
      LossValue value =
          match
              .loss()
              .loss()
              .evaluate(input)
              .times(match.weight() * match.schedule().factor(batch.progress()));
      parameters.get(i).step(value.parameters());
      gradients.add(value.student().get(0).toArray(DataType.FLOAT));
    }
    return new Network.Outputs(Nd4j.zerosLike(outputs.logits()), gradients);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    for (LossParameters own : parameters) {
      own.write(out);
    }
  }

  @Override
  public void read(DataInputStream in) throws IOException {
    for (LossParameters own : parameters) {
      own.read(in);
    }
  }
}
