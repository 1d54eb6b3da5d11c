package io.rona.student;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer.Batch;
import io.rona.query.engine.NetworkTrainer.BatchLoss;
import io.rona.query.engine.Tap;
import io.rona.student.loss.Loss;
import io.rona.student.loss.LossInput;
import io.rona.student.loss.Losses;
import io.rona.student.loss.Reduction;
import io.rona.student.loss.TeacherForm;
import io.rona.student.loss.Temperature;
import io.rona.student.loss.Tensor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The way from the heavy auxiliary student to the light one, over all public inputs.
 *
 * <p>The light student sees distorted inputs where distortion is asked for, the heavy one what they
 * were made of. Its logits are computed once; its layers, which are large, batch by batch.
 */
final class AuxiliaryTransfer {

  private final StudentSpec.Auxiliary auxiliary;
  private final ExampleSet pool;
  private final Network heavy;

  AuxiliaryTransfer(StudentSpec.Auxiliary auxiliary, ExampleSet pool, Network heavy) {
    this.auxiliary = auxiliary;
    this.pool = pool;
    this.heavy = heavy;
  }

  /**
   * Trains the light student.
   *
   * @param shape of the light student
   * @param seed public seed of its initial weights
   * @param runner runs the phase
   * @return the light student
   */
  Network train(NetworkSpec shape, long seed, PhaseRunner runner) throws IOException {
    Flow flow = new Flow(auxiliary.matches(), pool, heavy);
    List<Match> matches = auxiliary.matches().stream().map(LayerMatch::match).toList();
    Network light = Network.create(shape, taps(matches, flow), seed);
    MatchLesson layers = new MatchLesson(matches, flow, auxiliary.schedule().learningRate());
    runner.run(
        "from-auxiliary",
        auxiliary.schedule(),
        light,
        pool,
        new LogitsAndLayers(
            symmetricDivergence(Temperature.scaled(auxiliary.temperature())),
            ExampleBlocks.map(pool, heavy::logits),
            layers));
    return light.withoutTaps();
  }

  private static List<Tap> taps(List<Match> matches, Flow flow) {
    return IntStream.range(0, matches.size())
        .mapToObj(i -> matches.get(i).tap(flow.width(i)))
        .toList();
  }

  /** One loss at the logits, one at the layers. */
  private record LogitsAndLayers(Loss loss, INDArray wanted, MatchLesson layers)
      implements BatchLoss {
    @Override
    public Network.Outputs gradient(Network.Outputs outputs, Batch batch) {
      LossInput input =
          LossInput.of(Tensor.of(outputs.logits()), Tensor.of(wanted.getRows(batch.examples())));
      INDArray atLogits = loss.evaluate(input).student().get(0).toArray(DataType.FLOAT);
      return new Network.Outputs(atLogits, layers.gradient(outputs, batch).taps());
    }

    @Override
    public void write(DataOutputStream out) throws IOException {
      layers.write(out);
    }

    @Override
    public void read(DataInputStream in) throws IOException {
      layers.read(in);
    }
  }

  /** The sum of the Kullback-Leibler divergences in both directions (Jeffreys, 1946). */
  private static Loss symmetricDivergence(Temperature temperature) {
    return Loss.sum(
        Losses.divergence(temperature, TeacherForm.LOGITS, Reduction.BATCH_MEAN),
        Losses.reverseDivergence(temperature, TeacherForm.LOGITS, Reduction.BATCH_MEAN));
  }

  /** What the heavy student's layers say of a batch. */
  private static final class Flow implements MatchLesson.Guide {
    private final ExampleSet pool;
    private final Network heavy;
    private final int[] layers;
    private final int[] widths;

    Flow(List<LayerMatch> matches, ExampleSet pool, Network heavy) {
      this.pool = pool;
      this.heavy = heavy;
      this.layers = matches.stream().mapToInt(LayerMatch::teacherLayer).toArray();
      this.widths =
          activations(0).stream().mapToInt(values -> Math.toIntExact(values.length())).toArray();
    }

    private List<INDArray> activations(int... examples) {
      return layers.length == 0 ? List.of() : heavy.activations(pool.features(examples), layers);
    }

    @Override
    public IntFunction<Tensor> of(int[] examples) {
      List<INDArray> values = activations(examples);
      return match -> Tensor.of(values.get(match));
    }

    @Override
    public int width(int match) {
      return widths[match];
    }
  }
}
