package io.rona.cli.run;

import io.rona.cli.config.DataSource;
import io.rona.cli.config.RunConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
      images(config.data().sensitive().source()).ifPresent(form -> steps.put("images", form));
      steps.put("scale", "pixels divided by 255, into [0, 1]");
    } else {
      steps.put("scale", TablePreprocessing.SCALE);
      steps.put("table", TablePreprocessing.of(table.get()));
    }
    steps.put("output", "logits; softmax gives class probabilities");
    return steps;
  }

  /** How an image file becomes pixels, where images come as files. */
  private static Optional<String> images(DataSource source) {
    return source instanceof DataSource.Images images
        ? Optional.of(
            (images.form().channels() == 1
                    ? "gray, 0.299 R + 0.587 G + 0.114 B"
                    : "red, green, blue, one plane after the other")
                + images
                    .form()
                    .size()
                    .map(size -> "; scaled to " + size + " by a triangle filter")
                    .orElse(""))
        : Optional.empty();
  }

  List<String> labels() {
    return table
        .map(TableSchemas::classNames)
        .orElseGet(() -> config.data().sensitive().namesOfClasses());
  }
}
