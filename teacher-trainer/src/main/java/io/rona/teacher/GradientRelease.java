package io.rona.teacher;

import io.rona.privacy.Adjacency;
import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.release.ReleaseGuard;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How the gradients of a training on all sensitive records are released, and who pays.
 *
 * @param account budget of the sensitive data set
 * @param runId name of the run in the ledger
 * @param noiseMultiplier noise of a step over its L2 sensitivity, greater than 0
 * @param guard noise and ledger
 * @param directory keeps released gradients; created if it is missing
 */
public record GradientRelease(
    AccountKey account, String runId, double noiseMultiplier, ReleaseGuard guard, Path directory) {

  /**
   * L2 sensitivity of the sum of clipped gradients, in multiples of the clip norm.
   *
   * @param adjacency the neighboring relation
   * @return 1 under add-remove, 2 under replace-one
   */
  public static double l2Sensitivity(Adjacency adjacency) {
    return switch (adjacency) {
      case ADD_REMOVE -> 1;
      case REPLACE_ONE -> 2;
    };
  }

  double l2Sensitivity() {
    return l2Sensitivity(account.adjacency());
  }

  /**
   * Refuses to let one data set's budget pay for another's records.
   *
   * @throws IllegalArgumentException if the account is of another data set
   */
  void requireAccountOf(TeachingData data) {
    if (!account.dataset().keyedDigest().equals(data.sensitive().keyedDigest())) {
      throw new IllegalArgumentException(
          "account must be that of the sensitive data set, but is " + account);
    }
  }

  /**
   * Begins the released steps of one training, or takes up what a stopped one left.
   *
   * @param training configuration and all else that the course of the training depends on beside
   *     data, account and noise
   * @param planned number of steps, or of blocks of them
   */
  ReleasedSteps steps(TeachingData data, String training, int planned) throws IOException {
    String digest =
        Sha256.ofLines(
            training,
            data.publicDigest(),
            data.sensitive().keyedDigest(),
            account.adjacency().label(),
            Double.toString(noiseMultiplier));
    return new ReleasedSteps(guard, directory, digest, planned);
  }
}
