package io.rona.privacy.release;

import io.rona.privacy.event.GaussianEvent;
import io.rona.privacy.event.SelfComposedEvent;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.SpendRequest;
import io.rona.privacy.noise.Grid;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are to be released with Gaussian noise, checked in full.
 *
 * <p>Each row is one answer. Its cost is that of one Gaussian release with the given noise
 * multiplier, and rows add up: the event is {@code SelfComposed(Gaussian(z), rows)}.
 *
 * <p>Holds raw answers: it has no accessor for them and no string form.
 */
public final class ReleaseRequest {
  static final double MAX_STEPS = 0x1p52;

  private final Answers answers;
  private final double noiseStdDev;
  private final Grid grid;
  private final ReleasedPart part;
  private final SpendRequest spend;

  private ReleaseRequest(Builder builder) {
    this.answers = Answers.copyOf(builder.boundedAnswers);
    requirePositive("l2SensitivityPerRow", builder.l2SensitivityPerRow);
    requirePositive("noiseMultiplier", builder.noiseMultiplier);
    this.noiseStdDev = productUp(builder.noiseMultiplier, builder.l2SensitivityPerRow);
    this.grid = Grid.forStdDev(noiseStdDev);
    answers.requireWithin(MAX_STEPS * grid.step());
    this.part = builder.part;
    if (part == ReleasedPart.LARGEST && answers.columns() < 2) {
      throw new IllegalArgumentException(
          "boundedAnswers must have 2 columns at least where the largest is released");
    }
    this.spend =
        new SpendRequest(
            required("account", builder.account),
            new SelfComposedEvent(new GaussianEvent(builder.noiseMultiplier), answers.rows()),
            required("runId", builder.runId),
            required("purpose", builder.purpose),
            required("queryDigest", builder.queryDigest));
  }

  /**
   * Starts a request.
   *
   * @return a builder without values
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the standard deviation of the noise.
   *
   * @return noise multiplier times sensitivity, rounded up if it must be rounded
   */
  public double noiseStdDev() {
    return noiseStdDev;
  }

  /**
   * Returns the number of answers.
   *
   * @return rows, at least 1
   */
  public int rows() {
    return answers.rows();
  }

  Answers answers() {
    return answers;
  }

  ReleasedPart part() {
    return part;
  }

  Grid grid() {
    return grid;
  }

  /** What the ledger is asked for, with noise of the given kind. */
  SpendRequest spend(boolean releasable) {
    return new SpendRequest(
        spend.account(),
        spend.event(),
        spend.runId(),
        spend.purpose(),
        spend.queryDigest(),
        releasable);
  }

  @Override
  public String toString() {
    return "ReleaseRequest[" + spend.account() + ", " + rows() + " rows]";
  }

  /**
   * The least double that is not below the product, so that the noise is never short of its cost.
   */
  static double productUp(double one, double other) {
    double product = one * other;
    if (!(product < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "noiseMultiplier times l2SensitivityPerRow must be finite, but is " + product);
    }
    BigDecimal exact = new BigDecimal(one).multiply(new BigDecimal(other));
    return new BigDecimal(product).compareTo(exact) < 0 ? Math.nextUp(product) : product;
  }

  static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " must be finite and greater than 0, but is " + value);
    }
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " must be present");
    }
    return value;
  }

  /** Collects the parts of a request; {@link #build} checks them. */
  public static final class Builder {
    private @Nullable AccountKey account;
    private @Nullable String runId;
    private @Nullable String purpose;
    private @Nullable String queryDigest;
    private double @Nullable [][] boundedAnswers;
    private ReleasedPart part = ReleasedPart.VALUES;
    private double l2SensitivityPerRow = Double.NaN;
    private double noiseMultiplier = Double.NaN;

    private Builder() {}

    /**
     * Sets the budget that pays.
     *
     * @param value the account
     * @return this builder
     */
    public Builder account(AccountKey value) {
      account = value;
      return this;
    }

    /**
     * Sets the run.
     *
     * @param value 1 to 128 letters, digits or {@code . _ : -}
     * @return this builder
     */
    public Builder runId(String value) {
      runId = value;
      return this;
    }

    /**
     * Sets what the release is for.
     *
     * @param value at most 500 characters, without record content
     * @return this builder
     */
    public Builder purpose(String value) {
      purpose = value;
      return this;
    }

    /**
     * Sets the digest of what is asked.
     *
     * @param value SHA-256, 64 lower-case hexadecimal digits
     * @return this builder
     */
    public Builder queryDigest(String value) {
      queryDigest = value;
      return this;
    }

    /**
     * Sets the answers, bounded so that the sensitivity holds.
     *
     * @param value one row for each answer, all of one length; finite. Not modified; copied by
     *     {@link #build}
     * @return this builder
     */
    public Builder boundedAnswers(double[][] value) {
      boundedAnswers = value;
      return this;
    }

    /**
     * Sets how far one privacy unit can move one row.
     *
     * @param value L2 sensitivity of each row under the account's neighboring relation; finite and
     *     greater than 0
     * @return this builder
     */
    public Builder l2SensitivityPerRow(double value) {
      l2SensitivityPerRow = value;
      return this;
    }

    /**
     * Sets the standard deviation of the noise divided by the sensitivity.
     *
     * @param value the noise multiplier; finite and greater than 0
     * @return this builder
     */
    public Builder noiseMultiplier(double value) {
      noiseMultiplier = value;
      return this;
    }

    /**
     * Sets what of each noised answer is let out.
     *
     * @param value the part; {@link ReleasedPart#VALUES} if none is set
     * @return this builder
     */
    public Builder part(ReleasedPart value) {
      part = value;
      return this;
    }

    /**
     * Checks everything that can be checked before the budget is touched.
     *
     * @return the request
     * @throws IllegalArgumentException if a part is missing or out of range, or an answer is not
     *     finite; the message holds no answer
     */
    public ReleaseRequest build() {
      return new ReleaseRequest(this);
    }
  }
}
