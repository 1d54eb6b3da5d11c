package io.rona.cli.config;

import java.util.List;

/** Checks of lists of layers. */
final class Layers {
  private static final int MAX_LAYERS = 64;

  private Layers() {}

  static List<String> checked(List<String> layers) {
    Checks.count("layers", layers.size(), 1, MAX_LAYERS);
    return List.copyOf(layers);
  }
}
