package io.rona.teacher;

import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.NetworkFeatures;
import io.rona.query.features.PatchFeatures;
import io.rona.query.features.StandardizedFeatures;
import java.util.SplittableRandom;

/** Learns the shared feature map from public data. */
final class BackboneTrainer {

  private final BackboneSpec spec;
  private final long seed;
  private final Progress progress;

  BackboneTrainer(BackboneSpec spec, long seed, Progress progress) {
    this.spec = spec;
    this.seed = seed;
    this.progress = progress;
  }

  /**
   * Learns the map.
   *
   * @param open public inputs
   * @param labeled those with a public label; may be empty
   * @param classes number of classes, which is declared
   * @throws IllegalArgumentException if a supervised backbone gets no public labels
   */
  FeatureMap train(ExampleSet open, ExampleSet labeled, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    if (spec instanceof BackboneSpec.Patches patches) {
      progress.update("public backbone", 0, 1);
      FeatureMap features = PatchFeatures.fit(open.features(), patches.config(), random);
      progress.update("public backbone", 1, 1);
      return features;
    }
    if (spec instanceof BackboneSpec.Standardized) {
      return StandardizedFeatures.fit(open.features());
    }
    BackboneSpec.Supervised supervised = (BackboneSpec.Supervised) spec;
    if (labeled.size() == 0) {
      throw new IllegalArgumentException(
          "a supervised backbone needs public labels, but the public data have none");
    }
    NetworkSpec network =
        NetworkSpec.forExamples(open.exampleShape(), supervised.layers(), classes);
    return NetworkFeatures.fit(
        Network.create(network, seed),
        labeled,
        new NetworkTrainer(supervised.schedule(), random, progress));
  }
}
