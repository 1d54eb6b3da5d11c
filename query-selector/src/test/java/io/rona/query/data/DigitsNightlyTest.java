package io.rona.query.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The built-in digits are learnable: what a linear model cannot do, a small network can. */
@Tag("nightly")
final class DigitsNightlyTest {
  private static final int BATCH = 64;
  private static final int EPOCHS = 6;

  @Test
  void smallConvolutionalNetwork_exceeds97AndAHalfPercent() {
    ExampleSet digits = DigitsGenerator.generate(11, RowRange.of(0, 12_000), RowStorage.heap());
    MultiLayerNetwork network = new MultiLayerNetwork(smallNetwork());
    network.init();

    train(network, digits.slice(RowRange.of(0, 10_000)));

    double accuracy = accuracy(network, digits.slice(RowRange.of(10_000, 12_000)));
    assertTrue(accuracy > 0.975, "accuracy " + accuracy);
  }

  private static MultiLayerConfiguration smallNetwork() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(2e-3))
        .activation(Activation.RELU)
        .list()
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(8).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).build())
        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
        .layer(new DenseLayer.Builder().nOut(64).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(DigitsGenerator.CLASSES)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(DigitsGenerator.SIDE, DigitsGenerator.SIDE, 1))
        .build();
  }

  private static void train(MultiLayerNetwork network, ExampleSet data) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, data.size()).boxed().toList());
    Random random = new Random(1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Collections.shuffle(order, random);
      for (int from = 0; from < order.size(); from += BATCH) {
        int to = Math.min(order.size(), from + BATCH);
        ExampleSet batch =
            data.subset(order.subList(from, to).stream().mapToInt(Integer::intValue).toArray());
        network.fit(new DataSet(batch.features(), batch.oneHotLabels()));
      }
    }
  }

  private static double accuracy(MultiLayerNetwork network, ExampleSet data) {
    INDArray guesses = network.output(data.features()).argMax(1);
    return IntStream.range(0, data.size()).filter(i -> guesses.getInt(i) == data.label(i)).count()
        / (double) data.size();
  }
}
