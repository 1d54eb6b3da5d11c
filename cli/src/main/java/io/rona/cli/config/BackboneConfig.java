package io.rona.cli.config;

import java.util.List;
import java.util.Optional;

/** The feature map that all teachers share, learned from public data. */
public sealed interface BackboneConfig {

  /** The inputs themselves, standardized by the public ones; for tables. */
  record Standardized() implements BackboneConfig {}

  /**
   * Unsupervised patch features; needs public inputs only.
   *
   * @param patch side of a patch in pixels
   * @param atoms size of the dictionary
   * @param threshold soft threshold
   * @param grid cells a side that encodings are summed over
   * @param samples patches drawn to fit whitening and dictionary, at least the atoms
   */
  record Patches(int patch, int atoms, double threshold, int grid, int samples)
      implements BackboneConfig {
    /** Features that suit small gray images. */
    public static final Patches DEFAULT = new Patches(7, 128, 0.5, 2, 50_000);

    /**
     * Checks the ranges.
     *
     * @param patch side of a patch in pixels
     * @param atoms size of the dictionary
     * @param threshold soft threshold
     * @param grid cells a side
     * @param samples patches drawn to fit
     * @throws IllegalArgumentException if a value is out of range
     */
    public Patches {
      Checks.count("patch", patch, 2, 64);
      Checks.count("atoms", atoms, 1, 16_384);
      Checks.between("threshold", threshold, 0, 1000);
      Checks.count("grid", grid, 1, 64);
      Checks.count("samples", samples, atoms, 10_000_000);
    }
  }

  /**
   * A layer of a model that was trained elsewhere and never saw a sensitive record.
   *
   * @param file path of the model
   * @param input name of the tensor that examples go into; if empty, the only input
   * @param output name of the tensor that features come out of
   */
  record Model(String file, Optional<String> input, String output) implements BackboneConfig {
    /**
     * Checks the names.
     *
     * @param file path of the model
     * @param input name of the tensor that examples go into
     * @param output name of the tensor that features come out of
     * @throws IllegalArgumentException if a text is blank or holds control characters
     */
    public Model {
      Checks.path("file", file);
      input.ifPresent(name -> Checks.path("input", name));
      Checks.path("output", output);
    }
  }

  /**
   * The hidden layers of a network trained on public labels.
   *
   * @param layers hidden layers in the short notation, at least one
   * @param schedule how long and how fast it trains
   */
  record Supervised(List<String> layers, ScheduleConfig schedule) implements BackboneConfig {
    /**
     * Copies the list.
     *
     * @param layers hidden layers in the short notation
     * @param schedule how long and how fast it trains
     * @throws IllegalArgumentException if there is no layer or one is not in the notation
     */
    public Supervised {
      layers = Layers.checked(layers);
    }
  }

  /**
   * How long and how fast a network trains.
   *
   * @param epochs passes over the examples
   * @param batchSize examples a step
   * @param learningRate step size at the start
   * @param augmentation distortion of each example at each visit, if any
   */
  record ScheduleConfig(
      int epochs, int batchSize, double learningRate, Optional<AugmentationConfig> augmentation) {
    /**
     * Checks the ranges.
     *
     * @param epochs passes over the examples
     * @param batchSize examples a step
     * @param learningRate step size at the start
     * @param augmentation distortion of each example
     * @throws IllegalArgumentException if a value is out of range
     */
    public ScheduleConfig {
      Checks.count("epochs", epochs, 1, 100_000);
      Checks.count("batchSize", batchSize, 1, 1_000_000);
      Checks.positive("learningRate", learningRate);
    }
  }
}
