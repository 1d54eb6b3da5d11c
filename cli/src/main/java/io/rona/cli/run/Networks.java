package io.rona.cli.run;

import io.rona.cli.config.BackboneConfig;
import io.rona.cli.config.ConfigException;
import io.rona.cli.config.RunConfig;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.FeatureColumns;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.NetworkSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The networks that a run builds, in the shape of its data. */
final class Networks {

  /** Key of the network that the teachers' features come from. */
  static final String BACKBONE = "teachers.backbone.layers";

  private Networks() {}

  /**
   * Puts the layers of a configuration on its data.
   *
   * @param config what the run does
   * @param pool public examples; the sensitive ones have the same shape and columns
   * @param studentInputs which of their features the student sees
   * @return the networks by the configuration's key
   * @throws ConfigException if a layer cannot read what the one before it hands on
   */
  static Map<String, NetworkSpec> of(
      RunConfig config, ExampleSet pool, FeatureColumns studentInputs) {
    int classes = config.data().sensitive().classes();
    Map<String, NetworkSpec> networks = new LinkedHashMap<>();
    if (config.teachers().backbone() instanceof BackboneConfig.Supervised supervised) {
      put(networks, BACKBONE, supervised.layers(), pool, classes);
    }
    config
        .teachers()
        .dpSgd()
        .ifPresent(found -> put(networks, "teachers.layers", found.layers(), pool, classes));
    ExampleSet seen = studentInputs.in(pool);
    put(networks, "student.layers", config.student().layers(), seen, classes);
    return networks;
  }

  private static void put(
      Map<String, NetworkSpec> networks,
      String key,
      List<String> layers,
      ExampleSet examples,
      int classes) {
    try {
      networks.put(key, NetworkSpec.forExamples(examples, LayerSpec.parseAll(layers), classes));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(key, String.valueOf(e.getMessage()));
    }
  }
}
