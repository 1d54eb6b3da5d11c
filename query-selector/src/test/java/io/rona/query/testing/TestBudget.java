package io.rona.query.testing;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.BudgetAccount;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.BudgetStatus;
import io.rona.privacy.ledger.LedgerException;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.privacy.ledger.SqliteLedger;
import io.rona.privacy.noise.NoiseSource;
import io.rona.privacy.noise.SeededNoise;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedPart;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * A real ledger with one account, and a guard over it with noise that a seed reproduces: the only
 * way there is to released vectors.
 */
public final class TestBudget implements AutoCloseable {
  private static final String SOME_DIGEST = "d".repeat(64);

  private final BudgetLedger ledger;
  private final AccountKey key;
  private final NoiseSource noise;

  private TestBudget(BudgetLedger ledger, AccountKey key, NoiseSource noise) {
    this.ledger = ledger;
    this.key = key;
    this.noise = noise;
  }

  /** Opens a large budget of no data set in particular, add-remove. */
  public static TestBudget large(Path directory, long seed) {
    return of(directory, Adjacency.ADD_REMOVE, SOME_DIGEST, seed);
  }

  /** Opens a large budget of one data set. */
  public static TestBudget of(Path directory, Adjacency adjacency, String digest, long seed) {
    return of(directory, account(adjacency, digest, 1e6), SeededNoise.notReleasable(seed));
  }

  /** Opens the budget of an account. */
  public static TestBudget of(Path directory, BudgetAccount account, NoiseSource noise) {
    BudgetLedger ledger =
        SqliteLedger.openOrCreate(directory.resolve("budget.db"), Clock.systemUTC());
    ledger.register(account);
    return new TestBudget(ledger, account.key(), noise);
  }

  /** Terms of an account whose unit is the record. */
  public static BudgetAccount account(Adjacency adjacency, String digest, double epsilon) {
    return new BudgetAccount(
        new SensitiveDataId("records", digest),
        adjacency,
        "record",
        1000,
        new PrivacyParameters(epsilon, 1e-5));
  }

  /** The account that pays. */
  public AccountKey key() {
    return key;
  }

  /** What was spent and what is left. */
  public BudgetStatus status() {
    return ledger.status(key);
  }

  /** A guard over the ledger. */
  public ReleaseGuard guard() {
    return ReleaseGuard.of(ledger, noise);
  }

  /** A guard whose process ends after the answers were kept and before they were committed. */
  public ReleaseGuard guardThatEndsBeforeCommit() {
    BudgetLedger ending =
        (BudgetLedger)
            Proxy.newProxyInstance(
                BudgetLedger.class.getClassLoader(),
                new Class<?>[] {BudgetLedger.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("commit")) {
                    throw new LedgerException("the process ended");
                  }
                  try {
                    return method.invoke(ledger, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return ReleaseGuard.of(ending, noise);
  }

  /** Releases some answers to a batch with noise of the given deviation. */
  public ReleasedVectors release(QueryBatch batch, double[][] answers, double noiseStdDev) {
    return release(batch, answers, noiseStdDev, released -> {});
  }

  /** Releases some answers, seen by a sink before they are committed. */
  public ReleasedVectors release(
      QueryBatch batch, double[][] answers, double noiseStdDev, Consumer<ReleasedVectors> sink) {
    return release(batch, answers, noiseStdDev, ReleasedPart.VALUES, sink);
  }

  /** Releases the place of the largest of each answer under noise of the given deviation. */
  public ReleasedVectors chosenClasses(QueryBatch batch, double[][] answers, double noiseStdDev) {
    return release(batch, answers, noiseStdDev, ReleasedPart.LARGEST, released -> {});
  }

  /** Releases whether each answer is at least 0 under noise of the given deviation. */
  public ReleasedVectors signs(QueryBatch batch, double[][] answers, double noiseStdDev) {
    return release(batch, answers, noiseStdDev, ReleasedPart.SIGN, released -> {});
  }

  private ReleasedVectors release(
      QueryBatch batch,
      double[][] answers,
      double noiseStdDev,
      ReleasedPart part,
      Consumer<ReleasedVectors> sink) {
    ReleaseRequest request =
        ReleaseRequest.builder()
            .account(key)
            .runId("run-1")
            .purpose("test")
            .queryDigest(batch.digest())
            .boundedAnswers(answers)
            .part(part)
            .l2SensitivityPerRow(noiseStdDev)
            .noiseMultiplier(1)
            .build();
    return guard().release(request, sink);
  }

  /** Releases some soft targets for a batch with noise of the given deviation. */
  public ReleasedKnowledge answer(QueryBatch batch, double[][] targets, double noiseStdDev) {
    return ReleasedKnowledge.of(batch, release(batch, targets, noiseStdDev));
  }

  @Override
  public void close() {
    ledger.close();
  }
}
