package io.rona.student.loss;

/** What becomes of the heads of an attention tensor before it is compared. */
public enum AttentionHeads {
  /** Each head is compared with its own. */
  EACH,
  /** Heads are added first. */
  SUM,
  /** Heads are averaged first. */
  MEAN;

  /** What each head is multiplied by before they are added. */
  double factor(int heads) {
    return this == MEAN ? 1.0 / heads : 1;
  }
}
