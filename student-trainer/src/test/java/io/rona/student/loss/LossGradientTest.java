package io.rona.student.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Every loss against central differences of its value, on seeded inputs. */
final class LossGradientTest {
  private static final int SEEDS = 3;
  private static final int[] LOGITS = {4, 5};
  private static final int[] SEQUENCE_LOGITS = {3, 2, 5};
  private static final int[] ROWS = {6, 4};
  private static final int[] WIDE_ROWS = {6, 7};
  private static final int[] MAPS = {3, 2, 5, 3};
  private static final int[] WIDE_MAPS = {3, 4, 5, 3};
  private static final int[] HIDDEN = {3, 4, 5};
  private static final int[] SCORES = {2, 3, 4, 4};

  /** A loss and the shapes it is tried on. */
  private static final class Trial {
    private final Loss loss;
    private final int[][] student;
    private final int[][] teacher;
    private final int[][] parameters;
    private final int[] mask;

    private Trial(Loss loss, int[][] student, int[][] teacher, int[][] parameters, int[] mask) {
      this.loss = loss;
      this.student = student;
      this.teacher = teacher;
      this.parameters = parameters;
      this.mask = mask;
    }

    static Trial of(Loss loss, int[] student, int[] teacher) {
      return new Trial(
          loss, new int[][] {student}, new int[][] {teacher}, new int[0][], new int[0]);
    }

    static Trial pairs(Loss loss, int[][] student, int[][] teacher) {
      return new Trial(loss, student, teacher, new int[0][], new int[0]);
    }

    Trial withParameters(int[]... shapes) {
      return new Trial(loss, student, teacher, shapes, mask);
    }

    Trial masked(int... shape) {
      return new Trial(loss, student, teacher, parameters, shape);
    }

    LossInput draw(SplittableRandom random) {
      LossInput input =
          LossInput.of(drawAll(student, random), drawAll(teacher, random))
              .withParameters(drawAll(parameters, random));
      Tensor first = input.students().get(0);
      boolean sequences = first.rank() == 3 && first.length(-1) == LOGITS[1];
      int labels = sequences ? first.batch() * first.length(1) : first.batch();
      input = input.withLabels(random.ints(labels, 0, 3).toArray());
      return mask.length == 0 ? input : input.withMask(drawMask(mask, random));
    }
  }

  private static List<Tensor> drawAll(int[][] shapes, SplittableRandom random) {
    return Arrays.stream(shapes).map(shape -> draw(shape, random)).toList();
  }

  private static Tensor draw(int[] shape, SplittableRandom random) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return Tensor.of(
        shape, IntStream.range(0, size).mapToDouble(i -> 1.5 * random.nextGaussian()).toArray());
  }

  /** At least the first position of each example counts. */
  private static Tensor drawMask(int[] shape, SplittableRandom random) {
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    int each = size / shape[0];
    return Tensor.of(
        shape,
        IntStream.range(0, size)
            .mapToDouble(i -> (i % each == 0 && each > 1) || i == 0 ? 1 : random.nextInt(2))
            .toArray());
  }

  private static Named<Trial> trial(String name, Trial trial) {
    return Named.of(name, trial);
  }

  private static Stream<Named<Trial>> logits() {
    Temperature scaled = Temperature.scaled(2.5);
    return Stream.of(
        trial("soft cross entropy", Trial.of(soft(scaled), LOGITS, LOGITS)),
        trial("soft, sequence", Trial.of(soft(scaled), SEQUENCE_LOGITS, SEQUENCE_LOGITS)),
        trial(
            "soft, masked", Trial.of(soft(scaled), SEQUENCE_LOGITS, SEQUENCE_LOGITS).masked(3, 2)),
        trial(
            "soft, whole examples masked",
            Trial.of(soft(scaled), SEQUENCE_LOGITS, SEQUENCE_LOGITS).masked(3)),
        trial(
            "soft, targets off the simplex",
            Trial.of(
                Losses.softCrossEntropy(scaled, TeacherForm.PROBABILITIES, Reduction.SUM),
                LOGITS,
                LOGITS)),
        trial("divergence", Trial.of(forward(scaled, Reduction.BATCH_MEAN), LOGITS, LOGITS)),
        trial(
            "divergence, half",
            Trial.of(forward(scaled, Reduction.HALF_BATCH_MEAN), LOGITS, LOGITS)),
        trial(
            "reverse divergence",
            Trial.of(
                Losses.reverseDivergence(scaled, TeacherForm.LOGITS, Reduction.MEAN),
                LOGITS,
                LOGITS)),
        trial("logit error", Trial.of(Losses.logitError(scaled), LOGITS, LOGITS)),
        trial(
            "combined",
            Trial.of(Losses.combined(0.3, 0.7, soft(scaled)), LOGITS, LOGITS).masked(4)),
        trial(
            "combined, sequence",
            Trial.of(Losses.combined(0.3, 0.7, soft(scaled)), SEQUENCE_LOGITS, SEQUENCE_LOGITS)),
        trial(
            "standardized",
            Trial.of(Losses.standardized(forward(scaled, Reduction.MEAN), 1e-7), LOGITS, LOGITS)),
        trial(
            "class correlation", Trial.of(Losses.classCorrelation(scaled, 1, 2), LOGITS, LOGITS)));
  }

  private static Stream<Named<Trial>> features() {
    Loss error = Losses.squaredError(Reduction.MEAN);
    Loss variational = Losses.variationalInformation(1e-5, Reduction.BATCH_MEAN);
    return Stream.of(
        trial("squared error", Trial.of(error, MAPS, MAPS)),
        trial("squared error, masked", Trial.of(error, HIDDEN, HIDDEN).masked(3, 4)),
        trial(
            "linear regressor",
            Trial.of(Losses.projected(error, RegressorAxis.FEATURES), ROWS, WIDE_ROWS)
                .withParameters(new int[] {7, 4}, new int[] {7})),
        trial(
            "linear regressor of a sequence",
            Trial.of(Losses.projected(error, RegressorAxis.FEATURES), HIDDEN, new int[] {3, 4, 2})
                .withParameters(new int[] {2, 5}, new int[] {2})
                .masked(3, 4)),
        trial(
            "convolution regressor",
            Trial.of(Losses.projected(error, RegressorAxis.CHANNELS), MAPS, WIDE_MAPS)
                .withParameters(new int[] {4, 2, 1, 1}, new int[] {4})),
        trial("variational", Trial.of(variational, MAPS, MAPS).withParameters(new int[] {2})),
        trial(
            "variational behind a regressor",
            Trial.of(Losses.projected(variational, RegressorAxis.CHANNELS), MAPS, WIDE_MAPS)
                .withParameters(new int[] {4, 2}, new int[] {4}, new int[] {4})),
        trial("cosine", Trial.of(Losses.cosine(), HIDDEN, HIDDEN)),
        trial("cosine, masked", Trial.of(Losses.cosine(), HIDDEN, HIDDEN).masked(3, 4)),
        trial("first position", Trial.of(Losses.firstPosition(), HIDDEN, HIDDEN)),
        trial("factor transfer, 1", Trial.of(Losses.factorTransfer(1), MAPS, MAPS)),
        trial("factor transfer, 2", Trial.of(Losses.factorTransfer(2), ROWS, ROWS)),
        trial("factor transfer, 3", Trial.of(Losses.factorTransfer(3), ROWS, ROWS)),
        trial(
            "channel correlation",
            Trial.of(Losses.channelCorrelation(), MAPS, new int[] {3, 2, 4, 4})),
        trial("activation boundary", Trial.of(Losses.activationBoundary(0.5), MAPS, MAPS)),
        trial(
            "attention transfer, paper",
            Trial.of(Losses.attentionTransfer(AttentionForm.PAPER), MAPS, WIDE_MAPS)),
        trial(
            "attention transfer, code",
            Trial.of(Losses.attentionTransfer(AttentionForm.CODE), MAPS, WIDE_MAPS)));
  }

  private static Stream<Named<Trial>> attention() {
    return Stream.of(false, true)
        .flatMap(
            entropy ->
                Arrays.stream(AttentionHeads.values())
                    .flatMap(
                        heads -> {
                          Loss loss = Losses.attention(entropy, heads);
                          String name = "attention " + (entropy ? "entropy " : "error ") + heads;
                          return Stream.of(
                              trial(name, Trial.of(loss, SCORES, SCORES)),
                              trial(name + " merged", Trial.of(loss, HIDDEN, HIDDEN)),
                              trial(name + " masked", Trial.of(loss, SCORES, SCORES).masked(2, 4)));
                        }));
  }

  private static Stream<Named<Trial>> pairs() {
    int[][] layers = {HIDDEN, HIDDEN};
    int[][] wide = {{3, 4, 7}, {3, 4, 7}};
    int[][] maps = {MAPS, WIDE_MAPS};
    int[][] unequal = {MAPS, {3, 4, 2, 2}};
    return Stream.of(
        trial("gram", Trial.pairs(Losses.products(PairProduct.FEATURES), layers, layers)),
        trial(
            "gram, masked",
            Trial.pairs(Losses.products(PairProduct.FEATURES), layers, layers).masked(3, 4)),
        trial("positions", Trial.pairs(Losses.products(PairProduct.POSITIONS), layers, wide)),
        trial(
            "positions, masked",
            Trial.pairs(Losses.products(PairProduct.POSITIONS), layers, wide).masked(3, 4)),
        trial(
            "positions of one layer",
            Trial.of(Losses.products(PairProduct.POSITIONS), HIDDEN, new int[] {3, 4, 7})),
        trial("flow", Trial.pairs(Losses.flow(FlowForm.SQUARED_FROBENIUS), maps, maps)),
        trial("flow, columns", Trial.pairs(Losses.flow(FlowForm.COLUMN_NORM), maps, maps)),
        trial("flow, pooled", Trial.pairs(Losses.flow(FlowForm.SQUARED_FROBENIUS), unequal, maps)));
  }

  private static Stream<Named<Trial>> similarities() {
    return Stream.of(
        trial("similarity preserving", similarity(Losses.similarityPreserving(2))),
        trial("similarity preserving, 1", similarity(Losses.similarityPreserving(1))),
        trial("correlation congruence", similarity(Losses.correlationCongruence(0.1, 3))),
        trial("correlation congruence, order 0", similarity(Losses.correlationCongruence(0.1, 0))),
        trial(
            "probabilistic", similarity(Losses.probabilisticTransfer(1e-7, Reduction.MEAN, false))),
        trial(
            "probabilistic, symmetric",
            similarity(Losses.probabilisticTransfer(1e-7, Reduction.SUM, true))),
        trial("mutual information", similarity(Losses.quadraticMutualInformation(1e-7))),
        trial("relational distance", similarity(Losses.relationalDistance())),
        trial("relational angle", similarity(Losses.relationalAngle())));
  }

  private static Trial similarity(Loss loss) {
    return Trial.of(loss, ROWS, WIDE_ROWS);
  }

  private static Loss soft(Temperature temperature) {
    return Losses.softCrossEntropy(temperature, TeacherForm.LOGITS, Reduction.MEAN);
  }

  private static Loss forward(Temperature temperature, Reduction reduction) {
    return Losses.divergence(temperature, TeacherForm.LOGITS, reduction);
  }

  static Stream<Arguments> trials() {
    return Stream.of(logits(), features(), attention(), pairs(), similarities())
        .flatMap(group -> group)
        .flatMap(
            trial -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(trial, (long) seed)));
  }

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("trials")
  void gradient_agreesWithCentralDifferences(Trial trial, long seed) {
    LossInput input = trial.draw(new SplittableRandom(seed));
    LossValue value = trial.loss.evaluate(input);
    List<Tensor> students = input.students();
    check(
        students,
        value.student(),
        changed -> trial.loss.evaluate(input.withTensors(changed, input.teachers())).value());
    check(
        input.parameters(),
        value.parameters(),
        changed -> trial.loss.evaluate(input.withParameters(changed)).value());
  }

  /** The value as a function of one list of tensors. */
  @FunctionalInterface
  private interface Function {
    double at(List<Tensor> tensors);
  }

  private static void check(List<Tensor> tensors, List<Tensor> gradients, Function function) {
    assertEquals(tensors.size(), gradients.size());
    double h = 1e-5;
    for (int t = 0; t < tensors.size(); t++) {
      assertArrayEquals(tensors.get(t).shape(), gradients.get(t).shape());
      for (int i = 0; i < tensors.get(t).size(); i++) {
        double up = function.at(moved(tensors, t, i, h));
        double down = function.at(moved(tensors, t, i, -h));
        double slope = gradients.get(t).values()[i];
        // The error is of the order of h squared and of rounding over h.
        assertEquals((up - down) / (2 * h), slope, 1e-7 * (1 + Math.abs(slope) + Math.abs(up)));
      }
    }
  }

  private static List<Tensor> moved(List<Tensor> tensors, int which, int at, double by) {
    List<Tensor> result = new ArrayList<>(tensors);
    double[] values = tensors.get(which).toDoubles();
    values[at] += by;
    result.set(which, Tensor.of(tensors.get(which).shape(), values));
    return result;
  }

  /** A test that cannot fail shows nothing. */
  @Test
  void centralDifferences_findAWrongGradient() {
    LossInput input = Trial.of(soft(Temperature.ONE), LOGITS, LOGITS).draw(new SplittableRandom(1));
    UnaryOperator<LossValue> wrong = value -> value.times(1.001);
    LossValue value = wrong.apply(soft(Temperature.ONE).evaluate(input));
    assertThrows(
        AssertionError.class,
        () ->
            check(
                input.students(),
                value.student(),
                changed ->
                    soft(Temperature.ONE)
                        .evaluate(input.withTensors(changed, input.teachers()))
                        .value()));
  }

  static Stream<Arguments> masks() {
    return Stream.of(
        Arguments.of(soft(Temperature.of(2)), new int[] {2, 3, 4}),
        Arguments.of(Losses.squaredError(Reduction.MEAN), new int[] {2, 3, 4}),
        Arguments.of(Losses.cosine(), new int[] {2, 3, 4}),
        Arguments.of(Losses.products(PairProduct.FEATURES), new int[] {2, 3, 4}),
        Arguments.of(Losses.products(PairProduct.POSITIONS), new int[] {2, 3, 4}));
  }

  @ParameterizedTest
  @MethodSource("masks")
  void maskedPosition_evenOfNoFiniteValue_countsForNothing(Loss loss, int[] shape) {
    SplittableRandom random = new SplittableRandom(5);
    Tensor mask = Tensor.of(new int[] {2, 3}, new double[] {1, 0, 1, 1, 1, 0});
    Tensor student = draw(shape, random);
    Tensor teacher = draw(shape, random);
    LossValue plain = loss.evaluate(LossInput.of(student, teacher).withMask(mask));
    LossValue broken =
        loss.evaluate(LossInput.of(without(student, mask), without(teacher, mask)).withMask(mask));
    assertEquals(plain.value(), broken.value());
    assertArrayEquals(plain.student().get(0).toDoubles(), broken.student().get(0).toDoubles());
    IntStream.range(0, student.size())
        .filter(i -> mask.values()[i / 4] == 0)
        .forEach(i -> assertEquals(0, plain.student().get(0).values()[i]));
  }

  private static Tensor without(Tensor tensor, Tensor mask) {
    double[] values = tensor.toDoubles();
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.values()[i / 4] == 0 ? Double.NaN : values[i];
    }
    return tensor.with(values);
  }

  /** Mean over positions that count, whatever the mask leaves. */
  @Test
  void mean_ofMaskedPositions_isThatOfTheOthers() {
    SplittableRandom random = new SplittableRandom(6);
    Tensor student = draw(LOGITS, random);
    Tensor teacher = draw(LOGITS, random);
    Tensor mask = Tensor.of(new int[] {4}, new double[] {1, 1, 0, 0});
    Loss loss = forward(Temperature.of(2), Reduction.MEAN);
    double masked = loss.evaluate(LossInput.of(student, teacher).withMask(mask)).value();
    double half = loss.evaluate(LossInput.of(firstTwo(student), firstTwo(teacher))).value();
    assertEquals(half, masked, 1e-15);
  }

  private static Tensor firstTwo(Tensor logits) {
    return Tensor.of(new int[] {2, 5}, Arrays.copyOf(logits.values(), 10));
  }

  /** The published mechanism's noise reaches no weight; this is why it is not used. */
  @Test
  void publishedBoundedLoss_noiseChangesNoGradient() {
    LossInput input = Trial.of(soft(Temperature.ONE), ROWS, ROWS).draw(new SplittableRandom(2));
    LossValue silent = new PublishedBoundedLoss(30, noise(0)).evaluate(input);
    LossValue noised = new PublishedBoundedLoss(30, noise(1000)).evaluate(input);
    assertEquals(500, noised.value() - silent.value(), 1e-9);
    assertArrayEquals(silent.student().get(0).toDoubles(), noised.student().get(0).toDoubles());
  }

  private static Tensor noise(double each) {
    double[] values = new double[ROWS[0]];
    Arrays.fill(values, each);
    return Tensor.of(new int[] {ROWS[0]}, values);
  }

  @ParameterizedTest
  @MethodSource("trials")
  void evaluate_leavesItsInputAlone(Trial trial, long seed) {
    LossInput input = trial.draw(new SplittableRandom(seed));
    List<double[]> before = copies(input);
    trial.loss.evaluate(input);
    List<double[]> after = copies(input);
    IntStream.range(0, before.size()).forEach(i -> assertArrayEquals(before.get(i), after.get(i)));
  }

  private static List<double[]> copies(LossInput input) {
    return Stream.of(input.students(), input.teachers(), input.parameters())
        .flatMap(List::stream)
        .map(Tensor::toDoubles)
        .toList();
  }

  @Test
  void tensor_ofAViewInAnyOrder_readsRowByRow() {
    Tensor tensor =
        Tensor.of(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).transpose());
    assertArrayEquals(new int[] {3, 2}, tensor.shape());
    assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, tensor.toDoubles());
    assertEquals(DataType.FLOAT, tensor.toArray(DataType.FLOAT).dataType());
    assertEquals(5, tensor.toArray(DataType.FLOAT).getDouble(1, 1));
  }

  @Test
  void shapesThatDoNotFit_throw() {
    SplittableRandom random = new SplittableRandom(7);
    Tensor logits = draw(LOGITS, random);
    Tensor rows = draw(ROWS, random);
    LossInput unequal = LossInput.of(logits, rows);
    List<Loss> all =
        List.of(
            soft(Temperature.ONE),
            Losses.squaredError(Reduction.SUM),
            Losses.relationalAngle(),
            Losses.similarityPreserving(2),
            Losses.classCorrelation(Temperature.ONE, 1, 1));
    for (Loss loss : all) {
      assertThrows(IllegalArgumentException.class, () -> loss.evaluate(unequal));
    }
    LossInput equal = LossInput.of(logits, logits);
    assertThrows(
        IllegalArgumentException.class,
        () -> soft(Temperature.ONE).evaluate(equal.withMask(draw(new int[] {5}, random))));
    assertThrows(
        IllegalArgumentException.class, () -> Losses.labels(Reduction.MEAN).evaluate(equal));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Losses.labels(Reduction.MEAN)
                .evaluate(equal.withLabels(new int[] {0, 1, 2, LOGITS[1]})));
    assertThrows(IllegalArgumentException.class, () -> Temperature.of(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Losses.factorTransfer(0.5));
  }
}
