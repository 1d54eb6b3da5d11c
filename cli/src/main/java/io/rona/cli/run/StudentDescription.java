package io.rona.cli.run;

import io.rona.cli.config.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What whoever runs the student must know: what goes in, what comes out. */
final class StudentDescription {

  private final RunConfig config;
  private final Optional<TableSchemas> table;

  StudentDescription(RunConfig config, Optional<TableSchemas> table) {
    this.config = config;
    this.table = table;
  }

  Map<String, Object> preprocessing() {
    Map<String, Object> steps = new LinkedHashMap<>();
    steps.put("input", "float32, one example a row");
    steps.put("format", config.data().sensitive().source().format());
    if (table.isEmpty()) {
      steps.put("scale", "pixels divided by 255, into [0, 1]");
    } else {
      steps.put("scale", TablePreprocessing.SCALE);
      steps.put("table", TablePreprocessing.of(table.get()));
    }
    steps.put("output", "logits; softmax gives class probabilities");
    return steps;
  }

  List<String> labels() {
    return table
        .map(TableSchemas::classNames)
        .orElseGet(
            () ->
                IntStream.range(0, config.data().sensitive().classes())
                    .mapToObj(Integer::toString)
                    .toList());
  }
}
