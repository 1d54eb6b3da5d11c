package io.rona.teacher;

/**
 * No query passed the threshold test, so there is nothing to answer. The test was released and paid
 * for; its outcome, which is all that this says, is no secret.
 */
public final class NoConfidentAnswerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  NoConfidentAnswerException(int asked, double threshold) {
    super(
        "some query must pass the threshold of "
            + threshold
            + " of the teachers, but none of "
            + asked
            + " did; the test is paid for all the same");
  }
}
