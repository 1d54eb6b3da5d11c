package io.rona.teacher;

import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.privacy.release.StepsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The released steps of one training, each of which may depend on those before.
 *
 * <p>Each is kept durably before it is committed, in a file named by what was asked: the training,
 * the output of the step before and the query. A stopped training goes on behind the last one kept
 * and pays for none of them again. A process that ends between reservation and file wastes a step's
 * budget.
 */
final class ReleasedSteps {

  /** With this share of the steps taken, a training does without those that a crash has cost. */
  private static final double ENOUGH = 0.9;

  /** The same where a crash costs a whole block of steps. */
  private static final double ENOUGH_BLOCKS = 0.75;

  private final ReleaseGuard guard;
  private final Path directory;
  private final String training;
  private final int planned;
  private String previousOutput = "";
  private int taken;
  private boolean resumed;

  /**
   * Begins a training, or takes up what a stopped one left.
   *
   * @param guard noise and ledger
   * @param directory keeps the steps; created if it is missing
   * @param training digest of all that the course of the training depends on: data, account, noise,
   *     configuration
   * @param planned number of steps, at least 1
   */
  ReleasedSteps(ReleaseGuard guard, Path directory, String training, int planned)
      throws IOException {
    this.guard = guard;
    this.directory = Files.createDirectories(directory);
    this.training = training;
    this.planned = planned;
  }

  /** Number of steps released so far. */
  int taken() {
    return taken;
  }

  /**
   * Releases the next step, or takes up the one that was kept.
   *
   * @param asked names what the step asks beside the steps before it
   * @param request makes the request under the query digest that it is given; not asked for a step
   *     that was kept
   * @return the step; empty where a crash has lost the budget of the last steps
   * @throws BudgetExceededException if the account refuses for any other reason
   * @throws LedgerIntegrityException if a kept step is not what it is named by
   */
  Optional<ReleasedVectors> next(String asked, Function<String, ReleaseRequest> request) {
    return next(asked, ENOUGH, (query, sink) -> guard.release(request.apply(query), sink));
  }

  /**
   * Releases the next block of steps, or takes up the one that was kept; a training in blocks
   * counts and plans these.
   *
   * @param request makes the request under the query digest that it is given
   * @param answers gives the answers of the block; not asked if it was kept
   * @return the block; empty where crashes have lost the budget of the last ones
   * @throws BudgetExceededException if the account refuses for any other reason
   * @throws LedgerIntegrityException if a kept block is not what it is named by
   */
  Optional<ReleasedVectors> nextBlock(
      Function<String, StepsRequest> request, ReleaseGuard.AdaptiveAnswers answers) {
    return next(
        "", ENOUGH_BLOCKS, (query, sink) -> guard.release(request.apply(query), answers, sink));
  }

  /** Releases what a query asks. */
  @FunctionalInterface
  private interface Releasing {
    ReleasedVectors release(String query, Consumer<ReleasedVectors> sink);
  }

  private Optional<ReleasedVectors> next(String asked, double enough, Releasing releasing) {
    String query = Sha256.ofLines(training, previousOutput, asked);
    Path file = file(query);
    resumed |= taken == 0 && Files.exists(file);
    try {
      ReleasedVectors step =
          Files.exists(file) ? kept(query) : releasing.release(query, fresh -> fresh.write(file));
      taken++;
      previousOutput = step.digest();
      return Optional.of(step);
    } catch (BudgetExceededException e) {
      if (resumed && taken >= enough * planned) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private ReleasedVectors kept(String query) {
    ReleasedVectors step = guard.resume(file(query));
    if (!step.queryDigest().equals(query)) {
      throw new LedgerIntegrityException(
          "released step " + file(query) + " is refused: it answers another query");
    }
    return step;
  }

  private Path file(String query) {
    return directory.resolve(query + ".bin");
  }
}
