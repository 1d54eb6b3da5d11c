package io.rona.student;

import io.rona.query.ReleasedKnowledge;
import io.rona.query.data.ExampleSet;
import io.rona.student.loss.Tensor;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the hint phase learns.
 *
 * @param examples public inputs
 * @param targets one hint an example, standardized to unit mean square
 */
record Hints(ExampleSet examples, INDArray targets) implements MatchLesson.Guide {

  /**
   * Takes the released hints where teachers gave them, else a random projection of public features
   * (Johnson and Lindenstrauss, 1984), which keeps their distances and costs no budget.
   */
  static Hints of(
      ExampleSet pool,
      INDArray features,
      Optional<ReleasedKnowledge> released,
      StudentSpec.HintPhase phase,
      long seed) {
    return released
        .flatMap(
            answers ->
                answers.hints().map(hints -> of(pool.subset(answers.batch().poolIndices()), hints)))
        .orElseGet(() -> of(pool, project(features, phase.dimension(), seed)));
  }

  private static Hints of(ExampleSet examples, INDArray values) {
    double meanSquare = values.mul(values).meanNumber().doubleValue();
    return new Hints(examples, values.div(Math.sqrt(Math.max(meanSquare, 1e-12))));
  }

  private static INDArray project(INDArray features, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] directions = new float[Math.toIntExact(features.size(1)) * dimension];
    for (int i = 0; i < directions.length; i++) {
      directions[i] = (float) random.nextGaussian();
    }
    return features.mmul(Nd4j.createFromArray(directions).reshape(features.size(1), dimension));
  }

  int dimension() {
    return Math.toIntExact(targets.size(1));
  }

  @Override
  public IntFunction<Tensor> of(int[] batch) {
    Tensor wanted = Tensor.of(targets.getRows(batch));
    return match -> wanted;
  }

  @Override
  public int width(int match) {
    return dimension();
  }
}
