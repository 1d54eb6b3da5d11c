package io.rona.student.loss;

/** The two reductions of attention transfer: the paper's and that of its authors' code. */
public enum AttentionForm {
  /** Mean over examples of the L2 distance of unit maps. */
  PAPER,
  /** Mean over examples and positions of the squared difference of unit maps. */
  CODE;

  /** An example's part of the loss. */
  double value(double norm, Matrix maps) {
    return this == PAPER ? norm / maps.rows() : norm * norm / maps.values().length;
  }

  /** The factor that makes the difference of an example's maps its gradient. */
  double slope(double norm, Matrix maps) {
    if (this == CODE) {
      return 2.0 / maps.values().length;
    }
    return norm == 0 ? 0 : 1 / (norm * maps.rows());
  }
}
