package io.rona.cli.config;

import io.rona.query.engine.LayerSpec;
import java.util.List;

/** Lists of layers: the usual ones, and checks. */
final class Layers {
  private static final int MAX_LAYERS = 64;
  private static final List<String> OF_IMAGES =
      List.of("conv 5x5x16", "maxpool 2", "conv 5x5x32", "maxpool 2", "dense 64");
  private static final List<String> OF_PRIVATE_IMAGES =
      List.of("conv 7x7x16/2", "maxpool 2", "conv 3x3x32", "maxpool 2", "dense 32");
  private static final List<String> OF_TABLES = List.of("dense 64");

  private Layers() {}

  /** The layers where none are configured. */
  static List<String> byDefault(boolean images) {
    return images ? OF_IMAGES : OF_TABLES;
  }

  /** The same of a network whose gradients are noised: noise grows with the number of weights. */
  static List<String> ofPrivateNetwork(boolean images) {
    return images ? OF_PRIVATE_IMAGES : OF_TABLES;
  }

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
