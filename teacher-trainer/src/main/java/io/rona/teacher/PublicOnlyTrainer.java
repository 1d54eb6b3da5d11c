package io.rona.teacher;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.ModelFeatures;
import io.rona.query.features.NetworkFeatures;
import io.rona.query.features.PatchFeatures;
import io.rona.query.features.RememberedFeatures;
import io.rona.query.features.StandardizedFeatures;
import java.io.IOException;
import java.util.SplittableRandom;

/** Learns from public data what all kinds of teachers share. */
final class PublicOnlyTrainer {

  private final PublicOnlySpec spec;
  private final EnsembleStore store;
  private final Progress progress;

  PublicOnlyTrainer(PublicOnlySpec spec, EnsembleStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Learns the feature map, or takes up the one that is kept, and fits the head.
   *
   * @throws IOException if the map cannot be read or kept
   * @throws IllegalArgumentException if a supervised backbone gets no public labels
   */
  PublicOnlyModel train(TeachingData data) throws IOException {
    FeatureMap backbone =
        store.backbone(() -> backbone(data.open().examples(), data.labeled(), data.classes()));
    return PublicOnlyModel.fit(
        new RememberedFeatures(backbone), data.labeled(), data.classes(), spec.headPenalty());
  }

  private FeatureMap backbone(ExampleSet open, ExampleSet labeled, int classes) {
    SplittableRandom random = new SplittableRandom(spec.seed());
    BackboneSpec backbone = spec.backbone();
    if (backbone instanceof BackboneSpec.Patches patches) {
      progress.update("public backbone", 0, 1);
      FeatureMap features = PatchFeatures.fit(open, patches.config(), random);
      progress.update("public backbone", 1, 1);
      return features;
    }
    if (backbone instanceof BackboneSpec.Standardized) {
      return StandardizedFeatures.fit(open);
    }
    if (backbone instanceof BackboneSpec.Model model) {
      // It measures the first of them alone.
      return ModelFeatures.fit(model.source(), ExampleBlocks.of(open).get(0).features());
    }
    BackboneSpec.Supervised supervised = (BackboneSpec.Supervised) backbone;
    if (labeled.size() == 0) {
      throw new IllegalArgumentException(
          "a supervised backbone needs public labels, but the public data have none");
    }
    NetworkSpec network = NetworkSpec.forExamples(open, supervised.layers(), classes);
    return NetworkFeatures.fit(
        Network.create(network, spec.seed()),
        labeled,
        new NetworkTrainer(
            supervised.schedule(), random, progress, store.epochs("public-backbone")));
  }
}
