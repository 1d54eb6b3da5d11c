package io.rona.privacy.release;

import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.ledger.Reservation;
import io.rona.privacy.ledger.SpendRecord;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.ledger.SpendState;
import io.rona.privacy.noise.Grid;
import io.rona.privacy.noise.NoiseSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Releases answers with noise, paid for before the noise is drawn.
 *
 * <h2>Privacy guarantees</h2>
 *
 * <p>One release of \( m \) rows \( a_1, \dots, a_m \) publishes \( a_i + N(0, z^2 \Delta^2 I) \),
 * each value rounded to a grid that depends on \( z \Delta \) alone. If no privacy unit can move a
 * row by more than \( \Delta \) in L2 norm under the account's neighboring relation, and the noise
 * source is releasable, it is a composition of \( m \) Gaussian mechanisms with noise multiplier \(
 * z \), which is what the ledger is charged (rounding is post-processing). The order is: check
 * everything, reserve (durable), draw noise, hand over, commit. A crash, a failing sink or a
 * failing commit leaves the budget spent; nothing leaves before it is.
 *
 * <p>Of each noised row the {@link ReleasedPart} that the request names is handed over, and nothing
 * else: post-processing, at the same cost.
 *
 * <p>Thread-safe if the ledger and the noise source are.
 */
public final class ReleaseGuard {
  private final BudgetLedger ledger;
  private final NoiseSource noise;

  private ReleaseGuard(BudgetLedger ledger, NoiseSource noise) {
    this.ledger = ledger;
    this.noise = noise;
  }

  /**
   * Makes a guard.
   *
   * @param ledger what pays; stays open, and is closed by the caller
   * @param noise where the noise comes from; if it is not releasable, neither is any result, and
   *     the ledger says so
   * @return the guard
   */
  public static ReleaseGuard of(BudgetLedger ledger, NoiseSource noise) {
    return new ReleaseGuard(ledger, noise);
  }

  /**
   * Releases the answers of a request.
   *
   * <p>The sink gets the noised vectors before they are committed, and should make them durable,
   * such as by {@link ReleasedVectors#write}. If it throws, or the process ends, the budget stays
   * spent; what it has written can be taken up with {@link #resume}.
   *
   * @param request the answers, checked when the request was built
   * @param sink keeps the result; called once, after the noise was drawn
   * @return the same vectors with their receipt
   * @throws io.rona.privacy.ledger.BudgetExceededException if the account refuses; no noise is
   *     drawn and the sink is not called
   * @throws ArithmeticException if the noise is out of all proportion, with probability below
   *     exp(-2^15) a value; the budget stays spent
   * @throws io.rona.privacy.ledger.LedgerException if the ledger cannot be read or written
   */
  public ReleasedVectors release(ReleaseRequest request, Consumer<ReleasedVectors> sink) {
    Reservation reservation = ledger.reserve(request.spend(noise.releasable()));
    ReleasedVectors noised = new ReleasedVectors(content(request, reservation));
    sink.accept(noised);
    return noised.committed(ledger.commit(reservation, noised.digest()));
  }

  /**
   * Gives the answers of a block of steps, one after the other.
   *
   * @see ReleaseGuard#release(StepsRequest, AdaptiveAnswers, Consumer)
   */
  @FunctionalInterface
  public interface AdaptiveAnswers {
    /**
     * Computes the next answer. If units are sampled, it draws afresh who takes part.
     *
     * @param previous the answer before with its noise; empty at first
     * @return bounded so that the sensitivity holds, as long as a step has columns; not modified
     */
    double[] next(double[] previous);
  }

  /**
   * Releases a block of steps, each asked for once the noise of the one before is drawn.
   *
   * <p>The whole block is reserved before its first step, and handed over and committed after its
   * last. If the process ends in between, or the answers or the sink throw, the block stays spent.
   * One step publishes \( a + N(0, z^2 \Delta^2 I) \) as rows of other releases do.
   *
   * @param request the steps
   * @param answers gives one answer a step
   * @param sink keeps the result; called once, after all noise was drawn
   * @return one row a step, with their receipt
   * @throws io.rona.privacy.ledger.BudgetExceededException if the account refuses; nothing is asked
   *     for
   * @throws IllegalArgumentException if an answer is not finite, too large or of another length;
   *     the message holds no answer, and the budget stays spent
   * @throws io.rona.privacy.ledger.LedgerException if the ledger cannot be read or written
   */
  public ReleasedVectors release(
      StepsRequest request, AdaptiveAnswers answers, Consumer<ReleasedVectors> sink) {
    Reservation reservation = ledger.reserve(request.spend(noise.releasable()));
    StepsRequest.Steps steps = request.steps();
    double[] values = new double[steps.count() * steps.columns()];
    double[] previous = new double[0];
    for (int step = 0; step < steps.count(); step++) {
      previous = noised(answers.next(previous), steps);
      System.arraycopy(previous, 0, values, step * steps.columns(), steps.columns());
    }
    ReleasedVectors released =
        new ReleasedVectors(
            new VectorContent(
                reservation.entry().ledgerId(),
                reservation.id(),
                reservation.request().queryDigest(),
                reservation.request().releasable(),
                ReleasedPart.VALUES,
                steps.noiseStdDev(),
                steps.columns(),
                values));
    sink.accept(released);
    return released.committed(ledger.commit(reservation, released.digest()));
  }

  private double[] noised(double[] answer, StepsRequest.Steps steps) {
    double stdDev = steps.noiseStdDev();
    Grid grid = Grid.forStdDev(stdDev);
    Answers checked = Answers.copyOf(new double[][] {answer});
    checked.requireWithin(ReleaseRequest.MAX_STEPS * grid.step());
    if (checked.size() != steps.columns()) {
      throw new IllegalArgumentException(
          "an answer must have " + steps.columns() + " values, but has " + checked.size());
    }
    double[] noised = new double[checked.size()];
    for (int i = 0; i < noised.length; i++) {
      noised[i] = noise.gaussian(checked.value(i), stdDev, grid);
    }
    return noised;
  }

  /**
   * Takes up vectors that were written before their process could commit them.
   *
   * <p>They were paid for by the reservation they name. If they are committed already, this is the
   * same as {@link ReleasedVectors#read}.
   *
   * @param file what {@link ReleasedVectors#write} wrote
   * @return the vectors with their receipt
   * @throws LedgerIntegrityException if the file is not what was paid for
   * @throws IllegalStateException if the reservation was given back, or committed with another
   *     output
   * @throws io.rona.privacy.ledger.LedgerException if file or ledger cannot be read or written
   */
  public ReleasedVectors resume(Path file) {
    VectorContent content = VectorFile.read(file);
    Reservation reservation =
        ledger
            .reservation(content.reservationId())
            .orElseThrow(
                () ->
                    new LedgerIntegrityException(
                        "vectors " + file + " name a reservation that the ledger does not hold"));
    ReleasedVectors vectors = new ReleasedVectors(content);
    vectors.requirePaidBy(file, ledger.head().ledgerId(), reservation.request());
    Receipt receipt = ledger.recover(content.reservationId(), vectors.digest());
    return vectors.committed(receipt);
  }

  /**
   * Pays for steps that were released outside of this program, once for each run.
   *
   * <p>Their noise is in the output already, which the curator holds and this program may use from
   * here on: reserve, commit, return. No noise is drawn. What the run has reserved or committed for
   * the same steps, query and output is taken up and not paid for again, whatever stopped it.
   *
   * <p><b>Privacy.</b> The guarantee holds if the steps say at least what was done: whoever did it
   * declares that, and nothing here can see it.
   *
   * @param request the steps; their columns have no meaning. Its query digest must tell the output
   *     and all that is declared of it from others
   * @param outputDigest SHA-256 of what the steps have made; 64 lower-case hexadecimal digits
   * @return the receipt
   * @throws io.rona.privacy.ledger.BudgetExceededException if the account refuses; nothing is spent
   * @throws IllegalArgumentException if the digest has another form
   * @throws IllegalStateException if the run has paid for another output under this query
   * @throws io.rona.privacy.ledger.LedgerException if the ledger cannot be read or written
   */
  public Receipt admit(StepsRequest request, String outputDigest) {
    SpendRequest spend = request.spend(noise.releasable());
    Optional<String> reserved =
        ledger.extract(request.account()).verify().spends().stream()
            .filter(made -> isFor(made, spend))
            .map(SpendRecord::reservationId)
            .findFirst();
    return reserved
        .map(id -> ledger.recover(id, outputDigest))
        .orElseGet(() -> ledger.commit(ledger.reserve(spend), outputDigest));
  }

  private static boolean isFor(SpendRecord made, SpendRequest spend) {
    return made.state() != SpendState.RELEASED
        && made.runId().equals(spend.runId())
        && made.queryDigest().equals(spend.queryDigest())
        && made.event().equals(spend.event())
        && made.releasable() == spend.releasable();
  }

  private VectorContent content(ReleaseRequest request, Reservation reservation) {
    Answers answers = request.answers();
    double[] values = new double[answers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = noise.gaussian(answers.value(i), request.noiseStdDev(), request.grid());
    }
    for (int row = 0; row < answers.rows(); row++) {
      request.part().keep(values, row * answers.columns(), answers.columns());
    }
    return new VectorContent(
        reservation.entry().ledgerId(),
        reservation.id(),
        reservation.request().queryDigest(),
        reservation.request().releasable(),
        request.part(),
        request.noiseStdDev(),
        answers.columns(),
        values);
  }
}
