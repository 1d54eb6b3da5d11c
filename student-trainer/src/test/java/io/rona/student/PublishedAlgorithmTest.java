package io.rona.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A negative control: the published algorithm (Wang et al., AAAI 2019, Algorithm 1) bounds the
 * batch's loss, adds Gaussian noise to that number and differentiates. Automatic differentiation
 * shows what this is worth: the noise never reaches a weight, so the student is the one without
 * privacy. rona noises what the teachers answer instead.
 */
final class PublishedAlgorithmTest {

  private static final int EXAMPLES = 32;
  private static final int FEATURES = 6;
  private static final int CLASSES = 3;
  private static final int STEPS = 50;
  private static final double RATE = 0.5;
  private static final double NO_BOUND = 1e6;

  /** Softmax regression on the teachers' answers by the published algorithm. */
  private static float[] student(double noiseDeviation, double bound, INDArray answers) {
    SameDiff graph = SameDiff.create();
    SDVariable inputs = graph.constant("inputs", gaussian(EXAMPLES, FEATURES, 1));
    SDVariable weights = graph.var("weights", gaussian(FEATURES, CLASSES, 2).mul(0.1));
    SDVariable wanted = graph.constant("answers", answers);
    SDVariable noise = graph.placeHolder("noise", DataType.FLOAT);
    SDVariable logits = inputs.mmul(weights);
    SDVariable value = wanted.mul(graph.nn.logSoftmax(logits)).sum().div(-EXAMPLES);
    // min(1 / loss, 1 / bound) by a rectifier: the gradient of the engine's own minimum is wrong.
    SDVariable factor =
        graph.nn.relu(graph.math.reciprocal(value).rsub(1 / bound), 0).rsub(1 / bound);
    SDVariable noised = value.mul(factor).mul(bound).add("noised", noise);
    graph.setLossVariables(noised.name());
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 0; step < STEPS; step++) {
      INDArray draw = Nd4j.scalar((float) (noiseDeviation * random.nextGaussian()));
      INDArray gradient =
          Objects.requireNonNull(
              graph.calculateGradients(Map.of("noise", draw), "weights").get("weights"));
      weights.getArr().subi(gradient.mul(RATE));
    }
    return weights.getArr().dup('c').reshape(FEATURES * CLASSES).toFloatVector();
  }

  private static INDArray gaussian(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(rows, columns);
  }

  private static INDArray answers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray answers = Nd4j.zeros(DataType.FLOAT, EXAMPLES, CLASSES);
    for (int i = 0; i < EXAMPLES; i++) {
      answers.putScalar(i, random.nextInt(CLASSES), 1);
    }
    return answers;
  }

  @Test
  void noiseOnTheLoss_leavesEveryWeightAsItWas() {
    float[] withoutNoise = student(0, NO_BOUND, answers(4));
    float[] withNoise = student(1e3, NO_BOUND, answers(4));
    assertArrayEquals(withoutNoise, withNoise, 0);
  }

  /** The control of the control: this student does learn from what it is told. */
  @Test
  void otherAnswers_giveAnotherStudent() {
    assertFalse(
        Arrays.equals(student(1e3, NO_BOUND, answers(4)), student(1e3, NO_BOUND, answers(5))));
  }

  /** Above its bound the published clip is a constant, from which nothing is learned. */
  @Test
  void clippedLoss_hasNoGradient() {
    float[] start = gaussian(FEATURES, CLASSES, 2).mul(0.1).reshape(-1).toFloatVector();
    float[] clipped = student(0, 0.1, answers(4));
    assertTrue(nearly(start, clipped), () -> Arrays.toString(clipped));
    assertFalse(nearly(start, student(0, NO_BOUND, answers(4))));
  }

  private static boolean nearly(float[] expected, float[] actual) {
    double distance = 0;
    for (int i = 0; i < expected.length; i++) {
      distance = Math.max(distance, Math.abs(expected[i] - actual[i]));
    }
    return distance < 1e-4;
  }
}
