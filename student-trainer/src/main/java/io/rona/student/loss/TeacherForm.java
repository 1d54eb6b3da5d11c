package io.rona.student.loss;

/** What the teacher's tensor holds in losses at the logits. */
public enum TeacherForm {
  /** Logits, which the loss softens with its temperature as it does the student's. */
  LOGITS,
  /**
   * Class probabilities, or a noised release of them, which are taken as they are. They need not
   * lie on the simplex: the cross entropy's gradient is linear in them, so zero-mean noise stays
   * zero-mean.
   */
  PROBABILITIES
}
