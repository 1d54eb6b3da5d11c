package io.rona.cli.report;

import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.VerificationKey;
import java.util.List;
import java.util.Optional;

/**
 * Everything a public report shows.
 *
 * <p>Nothing in it may be computed from sensitive data other than what was released and paid for:
 * accuracies are measured on public evaluation data, counts are the declared ones.
 *
 * @param title what was made, such as the name of the run
 * @param guarantee the signed guarantee
 * @param signer the key that signs it
 * @param budget what is spent of the data set's budget
 * @param curve the privacy curve of this release, where it is known in closed form
 * @param accuracies accuracies on public evaluation data
 * @param noise noise against signal in one answer
 * @param plan what was planned beside what came out
 * @param models sizes and speeds
 * @param ledger what was spent on the data set
 */
public record ReportData(
    String title,
    PrivacyGuarantee guarantee,
    VerificationKey signer,
    BudgetUse budget,
    Optional<PrivacyCurve> curve,
    List<Accuracy> accuracies,
    Optional<NoiseLevel> noise,
    List<PlanRow> plan,
    Optional<ModelComparison> models,
    List<LedgerRow> ledger) {
  /**
   * Copies the lists.
   *
   * @param title what was made
   * @param guarantee the signed guarantee
   * @param signer the key that signs it
   * @param budget what is spent
   * @param curve the privacy curve
   * @param accuracies accuracies on public evaluation data
   * @param noise noise against signal
   * @param plan what was planned
   * @param models sizes and speeds
   * @param ledger what was spent
   */
  public ReportData {
    accuracies = List.copyOf(accuracies);
    plan = List.copyOf(plan);
    ledger = List.copyOf(ledger);
  }

  /**
   * What is spent of a budget, in the unit in which releases add up.
   *
   * @param spentFraction cost of everything spent over the limit; at least 0
   * @param epsilonRemaining epsilon of a run that spends all that is left, looked at alone
   */
  public record BudgetUse(double spentFraction, double epsilonRemaining) {
    /**
     * Checks the range; NaN fails.
     *
     * @param spentFraction cost of everything spent over the limit
     * @param epsilonRemaining epsilon of all that is left
     * @throws IllegalArgumentException if a value is negative or NaN
     */
    public BudgetUse {
      if (!(spentFraction >= 0 && epsilonRemaining >= 0)) {
        throw new IllegalArgumentException(
            "spentFraction and epsilonRemaining must be at least 0, but are "
                + spentFraction
                + " and "
                + epsilonRemaining);
      }
    }
  }

  /**
   * How often a model is right.
   *
   * @param model the model, such as {@code student}
   * @param fraction between 0 and 1
   * @param student whether this is the model that is released
   */
  public record Accuracy(String model, double fraction, boolean student) {
    /**
     * Checks the range; NaN fails.
     *
     * @param model the model
     * @param fraction between 0 and 1
     * @param student whether this is the model that is released
     * @throws IllegalArgumentException if the fraction is out of range
     */
    public Accuracy {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
            "accuracy of " + model + " must lie between 0 and 1, but is " + fraction);
      }
    }
  }

  /**
   * Noise against signal in one coordinate of one answer.
   *
   * @param noiseStdDev standard deviation of the noise
   * @param signal the difference that the noise may hide
   * @param meaning what that difference is, such as "all teachers agree against none does"
   * @param answers how many answers were released
   */
  public record NoiseLevel(double noiseStdDev, double signal, String meaning, long answers) {
    /**
     * Checks the ranges; NaN fails.
     *
     * @param noiseStdDev standard deviation of the noise; finite and greater than 0
     * @param signal the difference; finite and greater than 0
     * @param meaning what that difference is
     * @param answers how many answers; at least 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public NoiseLevel {
      if (!(noiseStdDev > 0 && noiseStdDev < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "noiseStdDev must be finite and greater than 0, but is " + noiseStdDev);
      }
      if (!(signal > 0 && signal < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "signal must be finite and greater than 0, but is " + signal);
      }
      if (!(answers >= 1)) {
        throw new IllegalArgumentException("answers must be at least 1, but is " + answers);
      }
    }
  }

  /**
   * One line of plan against outcome.
   *
   * @param quantity what is compared
   * @param planned what was planned
   * @param actual what came out
   */
  public record PlanRow(String quantity, String planned, String actual) {}

  /**
   * Teacher and student side by side.
   *
   * @param teacherParameters number of parameters of one teacher
   * @param studentParameters number of parameters of the student
   * @param compressionRatio the first over the second
   * @param latencies time of one inference, per batch size
   * @param files the student as its users run it
   */
  public record ModelComparison(
      long teacherParameters,
      long studentParameters,
      double compressionRatio,
      List<Latency> latencies,
      List<StudentFile> files) {
    /**
     * Copies the lists.
     *
     * @param teacherParameters number of parameters of one teacher
     * @param studentParameters number of parameters of the student
     * @param compressionRatio the first over the second
     * @param latencies time of one inference
     * @param files the student as its users run it
     */
    public ModelComparison {
      latencies = List.copyOf(latencies);
      files = List.copyOf(files);
    }
  }

  /**
   * Time of one inference, medians.
   *
   * @param batch number of inputs at once
   * @param teacherMillis the teacher's time
   * @param studentMillis the student's time
   */
  public record Latency(int batch, double teacherMillis, double studentMillis) {}

  /**
   * A file of the student, run by ONNX Runtime on one thread.
   *
   * @param name the file's name in the bundle
   * @param bytes its size
   * @param agreement share of the evaluation data on which it names the student's class
   * @param millis median time of one input
   */
  public record StudentFile(String name, long bytes, double agreement, double millis) {}

  /**
   * One reservation of the ledger.
   *
   * @param entry its place in the ledger
   * @param runId the run
   * @param purpose what it was for
   * @param event what was done, in words
   * @param state what became of it, in words
   */
  public record LedgerRow(long entry, String runId, String purpose, String event, String state) {}
}
