package io.rona.cli.run;

import io.rona.cli.config.ConfigReader;
import io.rona.cli.config.RunConfig;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.student.export.OnnxExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Untrained models in ONNX files, and small runs on drawn digits that have them as teachers. */
final class BroughtModels {
  private BroughtModels() {}

  /** Writes a classifier of digits. */
  static void write(Path file, long seed) throws IOException {
    NetworkSpec spec =
        new NetworkSpec(1, 28, 28, LayerSpec.parseAll(List.of("maxpool 2", "dense 8")), 10);
    OnnxExport.write(Network.create(spec, seed), OnnxExport.Precision.FLOAT32, Map.of(), file);
  }

  /**
   * Configures a run.
   *
   * @param root where the models are
   * @param teachers keys and values that say which they are and what they may be asked
   * @param overrides keys and values beside
   */
  static RunConfig config(Path root, List<String> teachers, String... overrides) {
    String yaml =
        """
        version: 1
        name: brought
        data:
          root: %s
          sensitive: {id: drawn, format: "builtin:digits", rows: 0..200, units: 200}
          public: {id: open, format: "builtin:digits", rows: 600..700, publicLabels: 20}
          evaluation: {id: held-out, format: "builtin:digits", rows: 800..840}
        privacy: {epsilon: 8, delta: 1e-4, ledger: run}
        teachers:
          kind: models
          output: probabilities
          scores: probabilities
          backbone: {type: patches, atoms: 8, samples: 500}
        student:
          layers: [conv 5x5x4/2, maxpool 2]
          distillation: {epochs: 1}
          selfLearning: {rounds: 1, epochs: 1}
          publicBaseline: false
        """
            .formatted(root);
    return ConfigReader.read(
        "brought.yaml", yaml, Stream.concat(teachers.stream(), Stream.of(overrides)).toList());
  }
}
