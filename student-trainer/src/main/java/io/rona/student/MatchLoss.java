package io.rona.student;

import io.rona.student.loss.Loss;
import io.rona.student.loss.Losses;
import io.rona.student.loss.Reduction;

/**
 * The losses that can compare a layer with hints: those of the zoo that take one vector an example.
 * Losses of maps, sequences and attention need a teacher's inner tensors, which are never released.
 */
public enum MatchLoss {
  /** Mean squared error (FitNets). */
  SQUARED_ERROR(false),
  /** One minus the cosine. */
  COSINE(false),
  /** Mean absolute difference of unit vectors (factor transfer). */
  FACTOR_TRANSFER(false),
  /** Gaussian likelihood with a learned variance a coordinate (VID). */
  VARIATIONAL(false),
  /** Divergence of similarities within the batch (PKT). */
  PROBABILISTIC_TRANSFER(true),
  /** The same in both directions, as for a heavy auxiliary student. */
  SYMMETRIC_TRANSFER(true),
  /** Squared difference of normalized products within the batch. */
  SIMILARITY_PRESERVING(true),
  /** Distances within the batch (RKD). */
  RELATIONAL_DISTANCE(true),
  /** Angles within the batch (RKD); cubic in the batch's size. */
  RELATIONAL_ANGLE(true);

  private final boolean anyWidth;

  MatchLoss(boolean anyWidth) {
    this.anyWidth = anyWidth;
  }

  Loss loss() {
    return switch (this) {
      case SQUARED_ERROR -> Losses.squaredError(Reduction.MEAN);
      case COSINE -> Losses.cosine();
      case FACTOR_TRANSFER -> Losses.factorTransfer(1);
      case VARIATIONAL -> Losses.variationalInformation(1e-5, Reduction.MEAN);
      case PROBABILISTIC_TRANSFER ->
          Losses.probabilisticTransfer(1e-7, Reduction.BATCH_MEAN, false);
      case SYMMETRIC_TRANSFER -> Losses.probabilisticTransfer(1e-7, Reduction.BATCH_MEAN, true);
      case SIMILARITY_PRESERVING -> Losses.similarityPreserving(2);
      case RELATIONAL_DISTANCE -> Losses.relationalDistance();
      case RELATIONAL_ANGLE -> Losses.relationalAngle();
    };
  }

  /** True if the layer may have another width than the hints. */
  boolean anyWidth() {
    return anyWidth;
  }

  /** True if the loss has a parameter for each coordinate of the hints. */
  boolean hasVariances() {
    return this == VARIATIONAL;
  }
}
