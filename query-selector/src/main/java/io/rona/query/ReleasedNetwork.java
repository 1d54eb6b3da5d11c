package io.rona.query;

import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network whose weights were learned from released gradients.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class ReleasedNetwork implements ReleasedModel {

  private final Network network;
  private final int steps;
  private final List<Receipt> receipts;
  private final boolean releasable;

  private ReleasedNetwork(Network network, int steps, List<Receipt> receipts, boolean releasable) {
    this.network = network;
    this.steps = steps;
    this.receipts = receipts;
    this.releasable = releasable;
  }

  /**
   * Takes the released blocks in their order.
   *
   * @param spec shape of the network
   * @param recipe public parts of the descent
   * @param blocks one row a step, committed; at least one block
   * @return the network
   * @throws IllegalArgumentException if there is no block, or a step has another length than the
   *     weights
   * @throws ArithmeticException if the descent diverged: a weight is no longer finite
   * @throws IllegalStateException if a block is not committed
   */
  public static ReleasedNetwork of(
      NetworkSpec spec, NetworkDescent.Recipe recipe, List<ReleasedVectors> blocks) {
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("a network needs a block of steps, but has none");
    }
    NetworkDescent descent = recipe.begin();
    for (ReleasedVectors block : blocks) {
      for (int row = 0; row < block.rows(); row++) {
        descent.step(block.row(row));
      }
    }
    float[] weights = descent.result();
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        throw new ArithmeticException(
            "released weights must stay finite, but do not; a smaller learning rate may help");
      }
    }
    Network network = Network.create(spec, 0);
    network.weights(Nd4j.createFromArray(weights).reshape(1, weights.length));
    return new ReleasedNetwork(
        network,
        descent.taken(),
        blocks.stream().map(ReleasedVectors::receipt).toList(),
        blocks.stream().allMatch(ReleasedVectors::releasable));
  }

  @Override
  public INDArray scores(INDArray inputs) {
    return network.logits(inputs);
  }

  @Override
  public int classes() {
    return network.spec().classes();
  }

  @Override
  public long parameterCount() {
    return network.parameterCount();
  }

  @Override
  public int steps() {
    return steps;
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
  public String toString() {
    return "ReleasedNetwork[steps=" + steps + ", weights=" + parameterCount() + "]";
  }
}
