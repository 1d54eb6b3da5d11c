package io.rona.cli.run;

import io.rona.cli.config.ConfigException;
import io.rona.cli.config.RunConfig;
import io.rona.cli.config.SensitiveConfig;
import io.rona.query.data.CsvColumn;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowStorage;
import io.rona.query.engine.LayerShape;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the public data of a run hold, what its configuration declares of the sensitive data, and
 * how large its networks are on them.
 *
 * <p><b>Privacy.</b> The sensitive files are not opened, so nothing printed here depends on them.
 * Public labels are counted, others are not read.
 */
public final class DataDescription {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Map<String, Object>> sets;

  private DataDescription(Map<String, Map<String, Object>> sets) {
    this.sets = sets;
  }

  /**
   * Reads the public data and describes them.
   *
   * @param config the run's configuration
   * @return the description
   * @throws DataException if a public file is missing or damaged
   * @throws ConfigException if a schema is not valid or does not fit the others, or a network's
   *     layers do not fit the data
   */
  public static DataDescription read(RunConfig config) {
    try (RowStorage storage = config.data().temporaryStorage()) {
      return of(config, RunData.Open.read(config, storage));
    }
  }

  private static DataDescription of(RunConfig config, RunData.Open open) {
    List<String> classes =
        open.table()
            .map(TableSchemas::classNames)
            .orElseGet(() -> config.data().sensitive().namesOfClasses());
    Optional<List<CsvColumn>> columns = open.table().map(TableSchemas::features);
    Map<String, Map<String, Object>> sets = new LinkedHashMap<>();
    sets.put("sensitive", declared(config.data().sensitive(), classes));
    Map<String, Object> pool = found(config.data().pool().id(), open.pool(), columns);
    pool.put("publicLabels", config.data().pool().labels().toString());
    if (open.labeledPool().size() > 0) {
      pool.put("labels", counts(open.labeledPool(), classes));
    }
    sets.put("public", pool);
    Map<String, Object> evaluation =
        found(config.data().evaluation().id(), open.evaluation(), columns);
    evaluation.put("labels", counts(open.evaluation(), classes));
    sets.put("evaluation", evaluation);
    Networks.of(config, open.pool(), open.studentInputs())
        .forEach((key, network) -> sets.put(key, layers(network)));
    return new DataDescription(sets);
  }

  private static Map<String, Object> declared(SensitiveConfig sensitive, List<String> classes) {
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("id", sensitive.id());
    set.put("format", sensitive.source().format());
    set.put("declaredRows", sensitive.source().rows().toString());
    set.put("classes", classes);
    set.put("privacyUnit", sensitive.privacyUnit());
    set.put("declaredUnits", sensitive.units());
    return set;
  }

  private static Map<String, Object> found(
      String id, ExampleSet examples, Optional<List<CsvColumn>> columns) {
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("id", id);
    set.put("rows", examples.size());
    set.put("shape", Arrays.stream(examples.exampleShape()).boxed().toList());
    FeatureSummary summary = FeatureSummary.of(examples);
    if (columns.isPresent()) {
      set.put("columns", summary.columns(columns.get()));
    } else {
      set.put("values", summary.all());
    }
    return set;
  }

  private static Map<String, Object> layers(NetworkSpec network) {
    Map<String, Object> layers = new LinkedHashMap<>();
    List<Long> weights = Network.parameterCounts(network);
    List<LayerShape> shapes = network.shapes();
    for (int i = 0; i < network.layers().size(); i++) {
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("output", shapes.get(i + 1).toString());
      layer.put("weights", weights.get(i));
      layers.put((i + 1) + " " + network.layers().get(i).notation(), layer);
    }
    layers.put("logits", Map.of("weights", weights.get(network.layers().size())));
    layers.put("weights", Network.parameterCount(network));
    return layers;
  }

  private static Map<String, Integer> counts(ExampleSet examples, List<String> classes) {
    int[] counts = new int[classes.size()];
    for (int label : examples.labels()) {
      counts[label]++;
    }
    Map<String, Integer> named = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      named.put(classes.get(i), counts[i]);
    }
    return named;
  }

  /**
   * Writes the description as JSON.
   *
   * @return one object and a line break
   */
  public String json() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sets) + "\n";
  }

  /**
   * Writes the description for people.
   *
   * @return lines of text
   */
  public String forPeople() {
    StringBuilder out = new StringBuilder();
    sets.forEach(
        (name, set) -> {
          out.append(name).append('\n');
          set.forEach((key, value) -> line(out, "  ", key, value));
          if (name.equals("sensitive")) {
            line(out, "  ", "note", "as declared; the files were not opened");
          }
        });
    return out.toString();
  }

  private static void line(StringBuilder out, String indent, String key, Object value) {
    if (value instanceof Map<?, ?> map && map.values().stream().anyMatch(Map.class::isInstance)) {
      out.append(indent).append(key).append('\n');
      map.forEach((inner, content) -> line(out, indent + "  ", String.valueOf(inner), content));
      return;
    }
    out.append(String.format(Locale.ROOT, "%s%-14s %s%n", indent, key, shown(value)));
  }

  private static String shown(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + " " + shown(entry.getValue()))
          .collect(Collectors.joining(", "));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(DataDescription::shown).collect(Collectors.joining(", "));
    }
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : String.valueOf(value);
  }
}
