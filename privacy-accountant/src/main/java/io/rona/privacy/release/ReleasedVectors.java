package io.rona.privacy.release;

import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.PoissonSampledGaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.BudgetLedger;
import io.rona.privacy.ledger.LedgerIntegrityException;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.ledger.SpendRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Noised answers that a ledger was charged for.
 *
 * <p>Only {@link ReleaseGuard} makes them, or {@link #read} from a file whose digest the ledger has
 * committed. They may be used for ever at no further cost (post-processing), and may leave the
 * curator if they are {@link #releasable()}.
 *
 * <p>Immutable.
 */
public final class ReleasedVectors {
  private final VectorContent content;
  private final String digest;
  private final @Nullable Receipt receipt;

  ReleasedVectors(VectorContent content) {
    this(content, VectorFile.digest(content), null);
  }

  private ReleasedVectors(VectorContent content, String digest, @Nullable Receipt receipt) {
    this.content = content;
    this.digest = digest;
    this.receipt = receipt;
  }

  /**
   * Reads vectors that were committed.
   *
   * @param file what {@link #write} wrote
   * @param ledger the ledger that was charged for them
   * @return the vectors with their receipt
   * @throws LedgerIntegrityException if the file has another form, or is not the output that the
   *     ledger has committed
   * @throws io.rona.privacy.ledger.LedgerException if file or ledger cannot be read
   */
  public static ReleasedVectors read(Path file, BudgetLedger ledger) {
    ReleasedVectors vectors = new ReleasedVectors(VectorFile.read(file));
    Receipt receipt =
        ledger
            .receipt(vectors.reservationId())
            .orElseThrow(
                () ->
                    new LedgerIntegrityException(
                        "vectors " + file + " are refused: the ledger has not committed them"));
    vectors.requirePaidBy(file, receipt.entry().ledgerId(), receipt.request());
    if (!receipt.outputDigest().equals(vectors.digest)) {
      throw new LedgerIntegrityException(
          "vectors " + file + " are refused: the ledger has committed another output");
    }
    return vectors.committed(receipt);
  }

  /**
   * Writes the vectors, in whole or not at all, and durably; readable by the owner alone.
   *
   * @param file the file, which must not exist
   * @throws io.rona.privacy.ledger.LedgerException if it exists or cannot be written
   */
  public void write(Path file) {
    VectorFile.write(content, file);
  }

  /**
   * Returns the number of answers.
   *
   * @return rows, at least 1
   */
  public int rows() {
    return content.rows();
  }

  /**
   * Returns the length of each answer.
   *
   * @return columns, at least 1
   */
  public int columns() {
    return content.columns();
  }

  /**
   * Returns one noised answer, or the part of it that was let out.
   *
   * @param row from 0 to rows - 1
   * @return a copy
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] row(int row) {
    int start = Objects.checkIndex(row, rows()) * columns();
    return Arrays.copyOfRange(content.values(), start, start + columns());
  }

  /**
   * Returns what of the noised answers these vectors hold.
   *
   * @return the part that was let out
   */
  public ReleasedPart part() {
    return content.part();
  }

  /**
   * Returns the standard deviation of the noise on each value, before the part was taken.
   *
   * @return the standard deviation, greater than 0
   */
  public double noiseStdDev() {
    return content.noiseStdDev();
  }

  /**
   * Returns the id of the reservation that paid.
   *
   * @return 32 lower-case hexadecimal digits
   */
  public String reservationId() {
    return content.reservationId();
  }

  /**
   * Returns the digest of what was asked.
   *
   * @return SHA-256, 64 lower-case hexadecimal digits
   */
  public String queryDigest() {
    return content.queryDigest();
  }

  /**
   * Tells whether the noise came from a secret source.
   *
   * @return false if the vectors must not leave the curator
   */
  public boolean releasable() {
    return content.releasable();
  }

  /**
   * Returns the output digest: of values, shape, noise, query, reservation and ledger.
   *
   * @return SHA-256, 64 lower-case hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  /**
   * Returns the receipt.
   *
   * @return the receipt of the commit
   * @throws IllegalStateException if these vectors were handed to a sink and are not committed yet
   */
  public Receipt receipt() {
    if (receipt == null) {
      throw new IllegalStateException("the vectors must be committed before they have a receipt");
    }
    return receipt;
  }

  ReleasedVectors committed(Receipt by) {
    return new ReleasedVectors(content, digest, by);
  }

  /** What the ledger was charged for must be what is here. */
  void requirePaidBy(Path file, String ledgerId, SpendRequest paid) {
    boolean same =
        content.ledgerId().equals(ledgerId)
            && content.queryDigest().equals(paid.queryDigest())
            && content.releasable() == paid.releasable()
            && paid.event() instanceof SelfComposedEvent repeated
            && (repeated.event() instanceof GaussianEvent
                || repeated.event() instanceof PoissonSampledGaussianEvent)
            && repeated.count() == content.rows();
    if (!same) {
      throw new LedgerIntegrityException(
          "vectors " + file + " are refused: the ledger was charged for something else");
    }
  }

  @Override
  public String toString() {
    return "ReleasedVectors["
        + rows()
        + " x "
        + columns()
        + ", "
        + digest
        + (releasable() ? "]" : ", not releasable]");
  }
}
