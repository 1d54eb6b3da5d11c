package io.rona.cli.config;

import io.rona.query.engine.LayerSpec;
import java.util.List;

/** Checks of lists of layers. */
final class Layers {
  private static final int MAX_LAYERS = 64;

  private Layers() {}

  /** Returns the layers in the one way of writing them. */
  static List<String> checked(List<String> layers) {
    Checks.count("layers", layers.size(), 1, MAX_LAYERS);
    return layers.stream().map(Layers::notation).toList();
  }

  private static String notation(String layer) {
    try {
      return LayerSpec.parse(layer).notation();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layers: " + e.getMessage(), e);
    }
  }
}
