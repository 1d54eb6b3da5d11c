package io.rona.privacy.certificate;

/**
 * One thing a verifier looked at.
 *
 * @param name what was looked at, such as {@code signature}
 * @param outcome how it came out
 * @param detail why, in one line
 */
public record Check(String name, Outcome outcome, String detail) {
  /** How a check came out. */
  public enum Outcome {
    /** It holds. */
    PASS("pass"),
    /** It holds, with something the reader must know. */
    WARN("warn"),
    /** It does not hold. */
    FAIL("fail"),
    /** It could not be looked at, because something before it failed. */
    NOT_RUN("not run");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    /**
     * Returns the word used in reports.
     *
     * @return for example {@code pass}
     */
    public String label() {
      return label;
    }
  }
}
