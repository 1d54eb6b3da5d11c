package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.data.ExampleSet;
import io.rona.query.features.ImageAugmenter;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class NetworkTrainerTest {
  private static final NetworkSpec SPEC =
      new NetworkSpec(
          1,
          TestImages.SIDE,
          TestImages.SIDE,
          List.of(new LayerSpec.Dense(16)),
          TestImages.CLASSES);

  private final ExampleSet examples = TestImages.draw(42, 1);

  private static NetworkTrainer trainer(int epochs, Optional<ImageAugmenter> augmentation) {
    return new NetworkTrainer(
        new TrainingSchedule(epochs, 10, 0.01, augmentation),
        new SplittableRandom(7),
        Progress.NONE);
  }

  private static NetworkTrainer.BatchLoss labels(ExampleSet of) {
    INDArray targets = of.oneHotLabels();
    return (outputs, batch) ->
        outputs.gradientAtLogits(
            CrossEntropy.gradient(
                outputs.logits(), targets.getRows(batch.examples()), Nd4j.ones(batch.size()), 1));
  }

  private float[] trained(Optional<ImageAugmenter> augmentation, long seed) {
    Network network = Network.create(SPEC, seed);
    trainer(2, augmentation).train(network, examples, "test", labels(examples));
    return network.weights().toFloatVector();
  }

  @Test
  void train_sameSeed_givesTheSameWeights() {
    Optional<ImageAugmenter> distort = Optional.of(new ImageAugmenter(0.1, 0.1, 0.1, 1, 0.3));
    assertArrayEquals(trained(Optional.empty(), 1), trained(Optional.empty(), 1), 0);
    assertArrayEquals(trained(distort, 1), trained(distort, 1), 0);
    assertNotEquals(
        Nd4j.createFromArray(trained(distort, 1)),
        Nd4j.createFromArray(trained(Optional.empty(), 1)));
    assertNotEquals(
        Nd4j.createFromArray(trained(Optional.empty(), 1)),
        Nd4j.createFromArray(trained(Optional.empty(), 2)));
  }

  /** Otherwise a run that went on from a checkpoint would end elsewhere than an unbroken one. */
  @Test
  void train_dependsOnTheWeightsItStartsFromAlone() {
    Network twice = Network.create(SPEC, 1);
    trainer(1, Optional.empty()).train(twice, examples, "first", labels(examples));
    Network fresh = Network.create(SPEC, 5);
    fresh.weights(twice.weights());
    trainer(1, Optional.empty()).train(twice, examples, "second", labels(examples));
    trainer(1, Optional.empty()).train(fresh, examples, "second", labels(examples));
    assertArrayEquals(twice.weights().toFloatVector(), fresh.weights().toFloatVector(), 0);
  }

  /** Stopped in the midst of any epoch, it ends with the very weights of an unbroken training. */
  @Test
  void train_stoppedAndTakenUp_givesTheSameWeights(@TempDir Path folder) throws IOException {
    Optional<ImageAugmenter> distort = Optional.of(new ImageAugmenter(0.1, 0.1, 0.1, 1, 0.3));
    TrainingSchedule schedule = new TrainingSchedule(4, 10, 0.01, distort);
    Network unbroken = Network.create(SPEC, 1);
    new NetworkTrainer(schedule, new SplittableRandom(7), Progress.NONE)
        .train(unbroken, examples, "test", labels(examples));
    EpochCheckpoint checkpoint = EpochCheckpoint.in(new CheckpointDirectory(folder), "test");
    AtomicInteger steps = new AtomicInteger();
    for (int stopAt : new int[] {3, 8, 12}) {
      steps.set(0);
      assertThrows(
          IllegalStateException.class,
          () -> takeUp(schedule, checkpoint, Network.create(SPEC, 1), steps, stopAt));
    }
    steps.set(0);
    // Its weights are the checkpoint's, whatever it was made with.
    Network resumed = Network.create(SPEC, 5);
    takeUp(schedule, checkpoint, resumed, steps, Integer.MAX_VALUE);
    assertEquals(5, steps.get(), "of twenty steps, those of the last epoch are left");
    assertArrayEquals(unbroken.weights().toFloatVector(), resumed.weights().toFloatVector(), 0);
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  private void takeUp(
      TrainingSchedule schedule,
      EpochCheckpoint checkpoint,
      Network network,
      AtomicInteger steps,
      int stopAt) {
    NetworkTrainer.BatchLoss loss = labels(examples);
    new NetworkTrainer(schedule, new SplittableRandom(7), Progress.NONE, checkpoint)
        .train(
            network,
            examples,
            "test",
            (outputs, batch) -> {
              if (steps.incrementAndGet() == stopAt) {
                throw new IllegalStateException("stopped");
              }
              return loss.gradient(outputs, batch);
            });
  }

  @Test
  void train_visitsEveryExampleOnceAnEpoch_inAnotherOrder() {
    List<int[]> batches = new ArrayList<>();
    NetworkTrainer.BatchLoss loss = labels(examples);
    trainer(3, Optional.empty())
        .train(
            Network.create(SPEC, 1),
            examples,
            "test",
            (outputs, batch) -> {
              batches.add(batch.examples().clone());
              assertEquals(batch.size(), outputs.logits().size(0));
              return loss.gradient(outputs, batch);
            });
    assertEquals(15, batches.size());
    List<List<Integer>> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<Integer> order =
          batches.subList(5 * epoch, 5 * epoch + 5).stream()
              .flatMap(batch -> IntStream.of(batch).boxed())
              .toList();
      assertEquals(IntStream.range(0, 42).boxed().toList(), order.stream().sorted().toList());
      orders.add(order);
    }
    assertEquals(3, orders.stream().distinct().count());
    assertEquals(2, batches.get(4).length);
  }

  /** The rows the loss is told of are the rows the network saw. */
  @Test
  void train_givesTheLossTheOutputsOfItsExamples() {
    Network network = Network.create(SPEC, 1);
    INDArray expected = network.logits(examples.features());
    trainer(1, Optional.empty())
        .train(
            network,
            examples,
            "test",
            (outputs, batch) -> {
              for (int i = 0; i < batch.size(); i++) {
                assertArrayEquals(
                    expected.getRow(batch.examples()[i]).toFloatVector(),
                    outputs.logits().getRow(i).toFloatVector(),
                    1e-5f);
              }
              return outputs.gradientAtLogits(Nd4j.zerosLike(outputs.logits()));
            });
  }

  @Test
  void train_reportsEveryEpoch() {
    List<String> heard = new ArrayList<>();
    new NetworkTrainer(
            new TrainingSchedule(2, 30, 0.01, Optional.empty()),
            new SplittableRandom(7),
            (stage, done, total) -> heard.add(stage + " " + done + "/" + total))
        .train(Network.create(SPEC, 1), examples, "backbone", labels(examples));
    assertEquals(List.of("backbone 0/2", "backbone 1/2", "backbone 2/2"), heard);
  }

  @Test
  void train_learnsASeparableProblem() {
    ExampleSet train = TestImages.draw(200, 3);
    ExampleSet test = TestImages.draw(200, 4);
    Network network = Network.create(SPEC, 1);
    trainer(8, Optional.empty()).train(network, train, "test", labels(train));
    double accuracy =
        TestImages.accuracy(network.logits(test.features()).toDoubleMatrix(), test.labels());
    assertTrue(accuracy > 0.95, "accuracy " + accuracy);
  }

  @Test
  void train_thatDiverges_throws() {
    Network network = Network.create(SPEC, 1);
    NetworkTrainer trainer = trainer(1, Optional.empty());
    assertThrows(
        ArithmeticException.class,
        () ->
            trainer.train(
                network,
                examples,
                "test",
                (outputs, batch) ->
                    outputs.gradientAtLogits(outputs.logits().mul(Float.POSITIVE_INFINITY))));
  }
}
