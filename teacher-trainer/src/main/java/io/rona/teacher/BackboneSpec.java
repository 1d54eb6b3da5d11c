package io.rona.teacher;

import io.rona.query.engine.ExampleModel;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.PatchFeatures;
import java.util.List;

/** Which feature map all teachers share, and how it is learned from public data. */
public sealed interface BackboneSpec {

  /**
   * Unsupervised patch features; needs public inputs only.
   *
   * @param config how the features are built
   */
  record Patches(PatchFeatures.Config config) implements BackboneSpec {}

  /** The inputs themselves, standardized by the public ones; for tables. */
  record Standardized() implements BackboneSpec {}

  /**
   * A layer of a model that was trained elsewhere and never saw a sensitive record.
   *
   * @param source where the model is
   */
  record Model(ExampleModel.Source source) implements BackboneSpec {}

  /**
   * The hidden layers of a network trained on public labels.
   *
   * @param layers hidden layers of the network
   * @param schedule how long and how fast it trains
   */
  record Supervised(List<LayerSpec> layers, TrainingSchedule schedule) implements BackboneSpec {
    /**
     * Copies the list.
     *
     * @param layers hidden layers of the network
     * @param schedule how long and how fast it trains
     */
    public Supervised {
      layers = List.copyOf(layers);
    }
  }
}
