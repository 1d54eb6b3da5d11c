package io.rona.cli.run;

import io.rona.cli.config.RunConfig;
import io.rona.cli.plan.Plan;
import io.rona.privacy.certificate.PrivacyGuarantee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads {@code summary.json}. */
final class RunSummaryFile {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private RunSummaryFile() {}

  static RunSummary of(
      RunConfig config,
      Plan plan,
      PrivacyGuarantee guarantee,
      Measurements measured,
      double seconds) {
    return new RunSummary(
        guarantee.ledger().runId(),
        guarantee.claim().epsilon(),
        guarantee.claim().delta(),
        guarantee.claim().rdpEpsilon().orElse(Double.POSITIVE_INFINITY),
        guarantee.claim().adjacency().label(),
        guarantee.claim().privacyUnit(),
        guarantee.claim().accountant(),
        guarantee.releasable(),
        measured.released(),
        plan.targets().noiseMultiplier(),
        plan.targets().noiseStdDev(),
        plan.kind(),
        config.queries().isEmpty(),
        config.teachers().count(),
        measured.teacherAccuracy(),
        measured.publicOnlyAccuracy(),
        measured.publicStudentAccuracy().orElse(null),
        measured.auxiliary().map(Measurements.Auxiliary::accuracy).orElse(null),
        measured.auxiliary().map(Measurements.Auxiliary::parameters).orElse(null),
        measured.studentAccuracy(),
        measured.teacherParameters(),
        measured.ensembleParameters(),
        measured.studentParameters(),
        measured.teacherParameters() / (double) measured.studentParameters(),
        measured.ensembleParameters() / (double) measured.studentParameters(),
        measured.single().speedup(),
        measured.batch128().speedup(),
        measured.single().teacher(),
        measured.single().student(),
        measured.batch128().teacher(),
        measured.batch128().student(),
        measured.files().float32(),
        measured.files().int8(),
        config.seed(),
        seconds);
  }

  static void write(RunDirectory directory, RunSummary summary) throws IOException {
    directory.write(
        "summary.json", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
  }

  static RunSummary read(Path file) throws IOException {
    return JSON.readValue(Files.readString(file), RunSummary.class);
  }
}
