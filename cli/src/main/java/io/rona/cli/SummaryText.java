package io.rona.cli;

import io.rona.cli.config.Decimals;
import io.rona.cli.run.RunSummary;
import java.nio.file.Path;
import java.util.Locale;

/** The figures of a run, for people. */
final class SummaryText {
  private SummaryText() {}

  static String of(RunSummary summary, Path directory) {
    StringBuilder text = new StringBuilder();
    row(
        text,
        "Student",
        "accuracy %s; from public data alone a teacher has %s%s",
        percent(summary.studentAccuracy()),
        percent(summary.publicOnlyAccuracy()),
        publicStudent(summary));
    auxiliary(text, summary);
    row(
        text,
        "Guarantee",
        "epsilon %.4f at delta %s, %s adjacency, unit: %s",
        summary.epsilon(),
        Decimals.shortest(summary.delta()),
        summary.adjacency(),
        summary.privacyUnit());
    row(text, "", "epsilon by the moments accountant (RDP): %.4f", summary.rdpEpsilon());
    row(
        text,
        "Size",
        "%,d parameters; teachers: %d, together %.1f times as many, one alone %.1f times",
        summary.studentParameters(),
        summary.teachers(),
        summary.ensembleCompressionRatio(),
        summary.compressionRatio());
    row(
        text,
        "Speed",
        "%.1f times as fast as one teacher (one input at a time), %.1f times (128 at a time)",
        summary.inferenceSpeedup(),
        summary.inferenceSpeedupBatch128());
    row(
        text,
        "ONNX",
        "%,d bytes, %.3f ms an input, agrees with the student on %s; with 8-bit weights %,d bytes,"
            + " %s",
        summary.onnx().bytes(),
        summary.onnx().millis(),
        percent(summary.onnx().agreement()),
        summary.onnxInt8().bytes(),
        percent(summary.onnxInt8().agreement()));
    row(text, "Time", "%.0f s", summary.seconds());
    row(text, "Bundle", "%s, to be released", directory.resolve("bundle"));
    row(text, "", "check it with: rona verify %s", directory.resolve("bundle"));
    row(
        text,
        "Internal",
        "%s and %s depend on sensitive records: keep them",
        directory.resolve("summary.json"),
        directory.resolve("internal"));
    row(
        text,
        "",
        summary.teacherReleased()
            ? "accuracy of the released model: %s"
            : "accuracy of the teachers together, without noise: %s",
        percent(summary.teacherAccuracy()));
    if (!summary.releasable()) {
      row(text, "WARNING", "the noise was not secret: this bundle must not be released");
    }
    return text.toString();
  }

  private static void auxiliary(StringBuilder text, RunSummary summary) {
    Double accuracy = summary.auxiliaryAccuracy();
    Long parameters = summary.auxiliaryParameters();
    if (accuracy != null && parameters != null) {
      row(
          text,
          "",
          "learned from a heavy student of %,d parameters and accuracy %s",
          parameters,
          percent(accuracy));
    }
  }

  private static String publicStudent(RunSummary summary) {
    Double accuracy = summary.publicStudentAccuracy();
    return accuracy == null ? "" : ", the same student " + percent(accuracy);
  }

  private static void row(StringBuilder text, String label, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-11s", label));
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }
}
