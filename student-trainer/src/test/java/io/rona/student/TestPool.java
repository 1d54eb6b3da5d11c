package io.rona.student;

import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.PatchFeatures;
import io.rona.query.testing.TestBudget;
import io.rona.query.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A tiny problem whose right answers are released under noise. */
final class TestPool {
  static final PublicDataset POOL = TestImages.drawPublic(120, 1);
  static final ExampleSet TEST = TestImages.draw(200, 2);
  static final PatchFeatures FEATURES =
      PatchFeatures.fit(
          POOL.examples(), new PatchFeatures.Config(3, 6, 0.1, 2, 300), new SplittableRandom(3));

  private TestPool() {}

  static TrainingSchedule schedule(int epochs) {
    return new TrainingSchedule(epochs, 20, 0.01, Optional.empty());
  }

  /** Releases the right answers to a hundred queries. */
  static ReleasedKnowledge answers(Path ledger, double noise, long noiseSeed, boolean hints)
      throws IOException {
    QueryBatch batch = QueryBatch.of(POOL, IntStream.range(10, 110).toArray());
    double[][] truth = truth(batch);
    try (TestBudget budget = TestBudget.large(ledger, noiseSeed)) {
      ReleasedKnowledge knowledge = budget.answer(batch, truth, noise);
      return hints ? knowledge.withHints(budget.release(batch, truth, noise)) : knowledge;
    }
  }

  static double[][] truth(QueryBatch batch) {
    double[][] truth = new double[batch.size()][TestImages.CLASSES];
    for (int i = 0; i < truth.length; i++) {
      truth[i][POOL.examples().label(batch.poolIndices()[i])] = 1;
    }
    return truth;
  }

  static float[] logits(Student student) {
    return student.logits(TEST.features()).reshape(200 * TestImages.CLASSES).toFloatVector();
  }

  static double accuracy(Student student) {
    return TestImages.accuracy(
        student.probabilities(TEST.features()).toDoubleMatrix(), TEST.labels());
  }

  /** Gradients against the right answers, released through a real guard. */
  static final class RightGradients implements GradientOracle {
    private final TestBudget budget;
    private final double noise;

    RightGradients(TestBudget budget, double noise) {
      this.budget = budget;
      this.noise = noise;
    }

    @Override
    public String id() {
      return "c".repeat(64);
    }

    @Override
    public Steps begin(String training) {
      return (batch, probabilities) -> {
        double[][] gradients = probabilities.toDoubleMatrix();
        double[][] truth = truth(batch);
        for (int i = 0; i < gradients.length; i++) {
          for (int c = 0; c < truth[i].length; c++) {
            gradients[i][c] -= truth[i][c];
          }
        }
        return Optional.of(budget.release(batch, gradients, noise));
      };
    }
  }
}
