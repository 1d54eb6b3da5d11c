package io.rona.privacy.accounting.pld;

/** The tail of a composed loss, on one side of the truth: delta as a function of epsilon. */
interface Tail {
  /** Returns an epsilon at which delta is certainly at most the given one; infinite if none. */
  double epsilonUpper(double delta);

  /** Returns an epsilon at which delta is certainly at least the given one; 0 if none. */
  double epsilonLower(double delta);

  /** Returns a bound that delta does not exceed. */
  double deltaUpper(double epsilon);

  /** Returns a bound that delta does not undercut. */
  double deltaLower(double epsilon);
}
