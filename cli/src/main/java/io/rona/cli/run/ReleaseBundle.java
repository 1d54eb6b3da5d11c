package io.rona.cli.run;

import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Plan;
import io.rona.cli.report.ReportBuilder;
import io.rona.cli.report.ReportData;
import io.rona.cli.report.ReportHtml;
import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.BundleWriter;
import io.rona.privacy.certificate.PrivacyGuarantee;
import io.rona.privacy.certificate.SigningKey;
import io.rona.privacy.ledger.LedgerExtract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what is released: student, preprocessing, labels, configuration, ledger extract, report,
 * certificate.
 *
 * <p>Nothing internal goes in: no teacher, no noiseless figure, no path of the curator's machine.
 */
final class ReleaseBundle {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RunConfig config;
  private final Plan plan;
  private final StudentDescription description;

  ReleaseBundle(RunConfig config, Plan plan, StudentDescription description) {
    this.config = config;
    this.plan = plan;
    this.description = description;
  }

  /**
   * Writes and signs the bundle.
   *
   * @param target where to; must not exist
   * @param key what signs
   * @param files the student, as it is released
   * @param extract the ledger's entries of the data set
   * @param guarantee what the certificate says
   * @param measured figures of the run; the internal ones stay out
   */
  void write(
      Path target,
      SigningKey key,
      StudentFiles files,
      LedgerExtract extract,
      PrivacyGuarantee guarantee,
      Measurements measured)
      throws IOException {
    try (BundleWriter bundle = BundleWriter.of(target)) {
      files.copyTo(bundle);
      bundle.write(BundleFiles.PREPROCESSING, json(description.preprocessing()));
      bundle.write(BundleFiles.LABELS, json(description.labels()));
      bundle.write(BundleFiles.CONFIG, utf8(config.releasableYaml()));
      bundle.write(BundleFiles.LEDGER, utf8(extract.toJson()));
      bundle.write(BundleFiles.SUMMARY, json(publicSummary(guarantee, measured)));
      bundle.write(BundleFiles.REPORT, utf8(report(key, extract, guarantee, measured)));
      bundle.seal(key, guarantee);
    }
  }

  /** The figures without those that depend on sensitive records and were not paid for. */
  private Map<String, Object> publicSummary(PrivacyGuarantee guarantee, Measurements measured) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("epsilon", guarantee.claim().epsilon());
    summary.put("delta", guarantee.claim().delta());
    summary.put("adjacency", guarantee.claim().adjacency().label());
    summary.put("privacyUnit", guarantee.claim().privacyUnit());
    summary.put("teacherKind", plan.kind());
    config.queries().ifPresent(queries -> summary.put("release", queries.release().label()));
    summary.put(plan.outlook().isPresent() ? "queries" : "steps", measured.released());
    summary.put("noiseMultiplier", plan.targets().noiseMultiplier());
    summary.put("teachers", config.teachers().count());
    summary.put("publicOnlyAccuracy", measured.publicOnlyAccuracy());
    measured
        .publicStudentAccuracy()
        .ifPresent(accuracy -> summary.put("publicStudentAccuracy", accuracy));
    measured
        .auxiliary()
        .ifPresent(
            heavy -> {
              summary.put("auxiliaryAccuracy", heavy.accuracy());
              summary.put("auxiliaryParameters", heavy.parameters());
            });
    summary.put("studentAccuracy", measured.studentAccuracy());
    summary.put("studentParameters", measured.studentParameters());
    summary.put("onnx", measured.files().float32());
    summary.put("onnxInt8", measured.files().int8());
    return summary;
  }

  private String report(
      SigningKey key, LedgerExtract extract, PrivacyGuarantee guarantee, Measurements measured) {
    ReportBuilder report =
        ReportBuilder.of(guarantee, extract.verify(), key.verificationKey())
            .title(config.name())
            .accuracy("teacher of public data only", measured.publicOnlyAccuracy());
    measured
        .publicStudentAccuracy()
        .ifPresent(accuracy -> report.accuracy("student of public data only", accuracy));
    measured
        .auxiliary()
        .ifPresent(
            heavy ->
                report.accuracy(
                    "heavy auxiliary student, "
                        + String.format(Locale.ROOT, "%,d parameters", heavy.parameters()),
                    heavy.accuracy()));
    return ReportHtml.render(
        report
            .studentAccuracy(measured.studentAccuracy())
            .noise(noise())
            .plan("epsilon", figure(plan.epsilon()), figure(guarantee.claim().epsilon()))
            .plan(
                plan.outlook().isPresent() ? "answers" : "steps",
                planned(),
                Integer.toString(measured.released()))
            .models(models(measured))
            .build());
  }

  private ReportData.NoiseLevel noise() {
    boolean ensemble = plan.outlook().isPresent();
    return new ReportData.NoiseLevel(
        plan.targets().noiseStdDev(),
        ensemble ? 1 : config.data().sensitive().units() * plan.targets().samplingProbability(),
        ensemble
            ? "all teachers agree against none does"
            : "the gradients of all units of a step together",
        plan.targets().answers());
  }

  private String planned() {
    return Integer.toString(plan.targets().answers());
  }

  private static ReportData.ModelComparison models(Measurements measured) {
    return new ReportData.ModelComparison(
        measured.teacherParameters(),
        measured.studentParameters(),
        measured.teacherParameters() / (double) measured.studentParameters(),
        List.of(latency(1, measured.single()), latency(128, measured.batch128())),
        List.of(
            file(StudentFiles.ONNX, measured.files().float32()),
            file(StudentFiles.ONNX_INT8, measured.files().int8())));
  }

  private static ReportData.StudentFile file(String name, RunSummary.OnnxFile figures) {
    return new ReportData.StudentFile(name, figures.bytes(), figures.agreement(), figures.millis());
  }

  private static ReportData.Latency latency(int batch, Measurements.Times times) {
    return new ReportData.Latency(batch, times.teacher(), times.student());
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static byte[] json(Object value) {
    return utf8(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
