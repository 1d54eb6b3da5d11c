package io.rona.query;

import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.features.FeatureMap;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A linear head on public features, learned from released gradients.
 *
 * <p><b>Guarantee.</b> It is worked out here, from public values and {@link ReleasedVectors} that
 * only the release guard makes: post-processing. It may be asked about any input, as often as one
 * likes, at no further cost. Thread-safe if its feature map is.
 */
public final class ReleasedHead implements ReleasedModel {

  private final FeatureMap features;
  private final INDArray weights;
  private final List<Receipt> receipts;
  private final boolean releasable;

  private ReleasedHead(
      FeatureMap features, INDArray weights, List<Receipt> receipts, boolean releasable) {
    this.features = features;
    this.weights = weights;
    this.receipts = receipts;
    this.releasable = releasable;
  }

  /**
   * Takes the released steps in their order.
   *
   * @param features public features that the head works on
   * @param recipe public parts of the descent
   * @param steps one released gradient a step, committed; at least one
   * @return the head
   * @throws IllegalArgumentException if there is no step, a step has another shape than the head,
   *     or the features have
   * @throws IllegalStateException if a step is not committed
   */
  public static ReleasedHead of(
      FeatureMap features, HeadDescent.Recipe recipe, List<ReleasedVectors> steps) {
    if (steps.isEmpty() || features.dimension() != recipe.dimension()) {
      throw new IllegalArgumentException(
          "a head needs a step and features of length "
              + recipe.dimension()
              + ", but has "
              + steps.size()
              + " and "
              + features.dimension());
    }
    HeadDescent descent = recipe.begin();
    for (ReleasedVectors step : steps) {
      if (step.rows() != 1) {
        throw new IllegalArgumentException("a step must have one row, but has " + step.rows());
      }
      descent.step(step.row(0));
    }
    INDArray weights =
        Nd4j.createFromArray(descent.result())
            .castTo(DataType.FLOAT)
            .reshape(recipe.classes(), recipe.dimension())
            .transpose();
    return new ReleasedHead(
        features,
        weights,
        steps.stream().map(ReleasedVectors::receipt).toList(),
        steps.stream().allMatch(ReleasedVectors::releasable));
  }

  @Override
  public INDArray scores(INDArray inputs) {
    return features.apply(inputs).mmul(weights);
  }

  @Override
  public int classes() {
    return Math.toIntExact(weights.size(1));
  }

  @Override
  public long parameterCount() {
    return features.parameterCount() + weights.length();
  }

  @Override
  public List<Receipt> receipts() {
    return receipts;
  }

  @Override
  public boolean releasable() {
    return releasable;
  }

  @Override
  public int steps() {
    return receipts.size();
  }

  @Override
  public String toString() {
    return "ReleasedHead[steps=" + receipts.size() + ", classes=" + classes() + "]";
  }
}
