package io.rona.cli.config;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys there are, by section; the one place that says so. */
final class Keys {
  private static final List<String> AUGMENTATION =
      List.of("rotation", "scale", "shear", "shift", "elastic");

  private static final String SOURCE =
      "format images labels file files folder schema rows size channels generatorSeed";

  /** The keys of a run's configuration. */
  static final Keys CONFIGURATION =
      new Keys(
          Map.ofEntries(
              Map.entry(
                  "", words("version name seed data privacy teachers queries student release")),
              Map.entry("data", words("root scratch sensitive public evaluation privileged")),
              Map.entry(
                  "data.sensitive",
                  words("id " + SOURCE + " classes classNames privacyUnit unitColumn units")),
              Map.entry("data.public", words("id " + SOURCE + " publicLabels")),
              Map.entry("data.evaluation", words("id " + SOURCE)),
              Map.entry("privacy", words("epsilon delta adjacency ledger budget")),
              Map.entry("privacy.budget", words("epsilon delta")),
              Map.entry(
                  "teachers",
                  words(
                      "kind backbone headPenalty"
                          + " count shardKey augmentation answer temperature hint"
                          + " files status dp input output scores"
                          + " steps clipNorm learningRate momentum averagedShare"
                          + " components whiteningFloor"
                          + " layers batchSize optimizer learningRateSchedule averageDecay"
                          + " blocks pretraining microBatch")),
              Map.entry(
                  "teachers.dp",
                  words("samplingProbability noiseMultiplier steps statement epsilon delta")),
              Map.entry(
                  "teachers.pretraining", words("epochs batchSize learningRate augmentation")),
              Map.entry("teachers.pretraining.augmentation", AUGMENTATION),
              Map.entry(
                  "teachers.backbone",
                  words(
                      "type patch atoms threshold grid samples file input output"
                          + " layers epochs batchSize learningRate augmentation")),
              Map.entry("teachers.backbone.augmentation", AUGMENTATION),
              Map.entry(
                  "teachers.augmentation", words("copies rotation scale shear shift elastic")),
              Map.entry("teachers.hint", words("clipNorm budgetShare")),
              Map.entry("queries", words("count strategy release threshold testShare")),
              Map.entry(
                  "student",
                  words(
                      "layers batchSize learningRate learningRateSchedule augmentation"
                          + " pretraining hint distillation selfLearning fineTuning"
                          + " auxiliary publicBaseline")),
              Map.entry("student.augmentation", AUGMENTATION),
              Map.entry("student.pretraining", words("epochs learningRate")),
              Map.entry("student.fineTuning", words("epochs learningRate")),
              Map.entry("student.hint", words("dimension epochs matches")),
              Map.entry("student.hint.matches", words("layer loss weight projection schedule")),
              Map.entry("student.auxiliary", words("widthFactor temperature epochs matches")),
              Map.entry(
                  "student.auxiliary.matches",
                  words("teacherLayer layer loss weight projection schedule")),
              Map.entry("student.distillation", words("temperature finalTemperature epochs")),
              Map.entry(
                  "student.selfLearning", words("rounds epochs evidenceWeight sharpening peers")),
              Map.entry("release", words("key store alias"))));

  /** The keys of a CSV file's schema. */
  static final Keys SCHEMA =
      new Keys(
          Map.ofEntries(
              Map.entry("", words("columns missing delimiter header")),
              Map.entry(
                  "columns",
                  words("name kind min max outside categories unknown classes optional"))));

  private static final Pattern INDEX = Pattern.compile("\\[[0-9]+]");

  private final Map<String, List<String>> sections;

  private Keys(Map<String, List<String>> sections) {
    this.sections = sections;
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }

  /** Refuses a key that its section does not have, and names what may have been meant. */
  void requireKnown(String path, String key, String place) {
    String section = INDEX.matcher(path).replaceAll("");
    List<String> known = sections.getOrDefault(section, List.of());
    if (!known.contains(key)) {
      String full = dotted(path, key);
      String hint = nearest(section, key).map(name -> "; did you mean " + name + "?").orElse("");
      throw new ConfigException(place, "unknown key " + Checks.shown(full) + hint);
    }
  }

  static String dotted(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }

  private Optional<String> nearest(String section, String key) {
    Optional<String> elsewhere =
        all().filter(name -> name.endsWith("." + key)).min(Comparator.comparing(String::length));
    Optional<String> similar =
        sections.getOrDefault(section, List.of()).stream()
            .filter(name -> distance(name, key) <= 1 + key.length() / 4)
            .min(Comparator.comparing(name -> distance(name, key)))
            .map(name -> dotted(section, name));
    return similar.or(() -> elsewhere).or(() -> similarAnywhere(key));
  }

  private Optional<String> similarAnywhere(String key) {
    return all()
        .filter(name -> distance(name.substring(name.lastIndexOf('.') + 1), key) <= 1)
        .min(Comparator.comparing(String::length));
  }

  private Stream<String> all() {
    return sections.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(key -> dotted(entry.getKey(), key)));
  }

  /** Returns the edit distance of two words, ignoring case. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        char left = Character.toLowerCase(a.charAt(i - 1));
        int replaced = diagonal + (left == Character.toLowerCase(b.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
