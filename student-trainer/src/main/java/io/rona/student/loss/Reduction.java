package io.rona.student.loss;

/**
 * How the terms of a loss become one number. Published losses differ in nothing so much as in this.
 *
 * <p>A mask acts before the reduction: it multiplies the terms, and {@link #MEAN} divides by the
 * terms it leaves (by its sum, so weights between 0 and 1 are allowed).
 */
public enum Reduction {
  /** Sum over terms, divided by their number. */
  MEAN,
  /** Sum over terms, divided by the number of examples: the size of the first dimension. */
  BATCH_MEAN,
  /** Half of {@link #BATCH_MEAN}, as FitNets and RONA reduce the hint loss. */
  HALF_BATCH_MEAN,
  /** Sum over terms. */
  SUM;

  /**
   * Returns the factor on the sum of the terms.
   *
   * @param terms their number, or the sum of the mask over them; 0 makes the loss 0
   * @param batch number of examples
   */
  double factor(double terms, int batch) {
    return switch (this) {
      case MEAN -> terms > 0 ? 1 / terms : 0;
      case BATCH_MEAN -> 1.0 / batch;
      case HALF_BATCH_MEAN -> 0.5 / batch;
      case SUM -> 1;
    };
  }
}
