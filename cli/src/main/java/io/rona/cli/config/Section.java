package io.rona.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One mapping of a configuration while it is read: typed access to its keys, exact messages. */
final class Section {
  /** Stands for "leave it out" where leaving the key out means a default. */
  static final String NONE = "none";

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,19}");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");
  private static final Pattern OTHER_TYPE =
      Pattern.compile("|~|null|Null|NULL|true|True|TRUE|false|False|FALSE");
  private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern FLAG = Pattern.compile("true|false");

  private final Keys keys;
  private final String path;
  private final YamlNode.Mapping mapping;

  private Section(Keys keys, String path, YamlNode.Mapping mapping) {
    this.keys = keys;
    this.path = path;
    this.mapping = mapping;
  }

  /** Opens a mapping and refuses keys that are not known there. */
  static Section open(Keys keys, String path, YamlNode node) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      String what = path.isEmpty() ? "the configuration" : path;
      throw new ConfigException(node.place(), what + " must be a mapping of keys to values");
    }
    mapping.entries().forEach((key, value) -> keys.requireKnown(path, key, value.place()));
    return new Section(keys, path, mapping);
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** Tells whether the key's value is the word none. */
  boolean isNone(String key) {
    return mapping.entries().get(key) instanceof YamlNode.Scalar scalar
        && scalar.text().equals(NONE);
  }

  Section section(String key) {
    return open(keys, full(key), required(key));
  }

  /** Opens a mapping, or an empty one where the key is missing. */
  Section sectionOrEmpty(String key) {
    YamlNode node = mapping.entries().get(key);
    return open(
        keys, full(key), node == null ? new YamlNode.Mapping(mapping.place(), Map.of()) : node);
  }

  /** Opens each mapping of a list. */
  List<Section> sections(String key) {
    if (!(required(key) instanceof YamlNode.Sequence sequence)) {
      throw wrong(key, required(key), "be a list of mappings");
    }
    List<Section> sections = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      sections.add(open(keys, full(key) + "[" + sections.size() + "]", item));
    }
    return List.copyOf(sections);
  }

  Optional<Section> optionalSection(String key) {
    return has(key) && !isNone(key) ? Optional.of(section(key)) : Optional.empty();
  }

  String text(String key) {
    return textOf(key, required(key));
  }

  Optional<String> optionalText(String key) {
    return Optional.ofNullable(mapping.entries().get(key)).map(node -> textOf(key, node));
  }

  private String textOf(String key, YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar && isText(scalar)) {
      return scalar.text();
    }
    throw wrong(key, node, "be text");
  }

  private static boolean isText(YamlNode.Scalar scalar) {
    return scalar.quoted()
        || !(DECIMAL.matcher(scalar.text()).matches()
            || OTHER_TYPE.matcher(scalar.text()).matches());
  }

  List<String> textsOr(String key, List<String> byDefault) {
    YamlNode node = mapping.entries().get(key);
    if (node == null) {
      return byDefault;
    }
    if (!(node instanceof YamlNode.Sequence sequence)) {
      throw wrong(key, node, "be a list of texts");
    }
    List<String> texts = new ArrayList<>();
    sequence.items().forEach(item -> texts.add(textOf(key, item)));
    return List.copyOf(texts);
  }

  /** Reads a value by its characters alone: what a cell of a table would hold. */
  String cell(String key) {
    return cellOf(key, required(key));
  }

  String cellOr(String key, String byDefault) {
    return has(key) ? cell(key) : byDefault;
  }

  Optional<List<String>> optionalCells(String key) {
    YamlNode node = mapping.entries().get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof YamlNode.Sequence sequence) || sequence.items().isEmpty()) {
      throw wrong(key, node, "be a list of at least one value");
    }
    return Optional.of(sequence.items().stream().map(item -> cellOf(key, item)).toList());
  }

  private String cellOf(String key, YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar
        && (scalar.quoted() || !NOTHING.matcher(scalar.text()).matches())) {
      return scalar.text();
    }
    throw wrong(key, node, "be a word or a number, in quotes where it is empty or null");
  }

  boolean flagOr(String key, boolean byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    if (required(key) instanceof YamlNode.Scalar scalar
        && !scalar.quoted()
        && FLAG.matcher(scalar.text()).matches()) {
      return scalar.text().equals("true");
    }
    throw wrong(key, required(key), "be true or false");
  }

  long integer(String key) {
    YamlNode node = required(key);
    if (node instanceof YamlNode.Scalar scalar
        && !scalar.quoted()
        && INTEGER.matcher(scalar.text()).matches()) {
      try {
        return Long.parseLong(scalar.text());
      } catch (NumberFormatException e) {
        throw wrong(key, node, "be a whole number within 64 bits");
      }
    }
    throw wrong(key, node, "be a whole number");
  }

  long integerOr(String key, long byDefault) {
    return has(key) ? integer(key) : byDefault;
  }

  int count(String key) {
    long value = integer(key);
    if (value != (int) value) {
      throw wrong(key, required(key), "be a whole number within 32 bits");
    }
    return (int) value;
  }

  int countOr(String key, int byDefault) {
    return has(key) ? count(key) : byDefault;
  }

  boolean isInteger(String key) {
    return mapping.entries().get(key) instanceof YamlNode.Scalar scalar
        && !scalar.quoted()
        && INTEGER.matcher(scalar.text()).matches();
  }

  double decimal(String key) {
    YamlNode node = required(key);
    if (node instanceof YamlNode.Scalar scalar
        && !scalar.quoted()
        && DECIMAL.matcher(scalar.text()).matches()) {
      return Double.parseDouble(scalar.text());
    }
    throw wrong(key, node, "be a number");
  }

  double decimalOr(String key, double byDefault) {
    return has(key) ? decimal(key) : byDefault;
  }

  /** Tells whether the key's value is one text, not a list. */
  boolean isText(String key) {
    return mapping.entries().get(key) instanceof YamlNode.Scalar scalar && isText(scalar);
  }

  /** Reads one of a few words. */
  <T> T choice(String key, Map<String, T> choices) {
    T choice = choices.get(text(key));
    if (choice == null) {
      String words = String.join(", ", choices.keySet().stream().sorted().toList());
      throw wrong(key, required(key), "be one of " + words);
    }
    return choice;
  }

  <T> T choiceOr(String key, Map<String, T> choices, T byDefault) {
    return has(key) ? choice(key, choices) : byDefault;
  }

  /** Makes a value and gives a refused one its place and full key. */
  <T> T build(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      String message = Checks.shownLine(String.valueOf(e.getMessage()));
      String key = message.split("[ :]", 2)[0];
      YamlNode node = find(mapping, key);
      throw new ConfigException(node == null ? mapping.place() : node.place(), full(message));
    }
  }

  /** Makes the value of one key from text, and gives a refused one its place and full key. */
  <T> T parse(String key, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      YamlNode node = mapping.entries().getOrDefault(key, mapping);
      String message = Checks.shownLine(String.valueOf(e.getMessage()));
      throw new ConfigException(node.place(), full(key) + ": " + message);
    }
  }

  private static @Nullable YamlNode find(YamlNode.Mapping from, String dotted) {
    YamlNode node = from;
    for (String key : dotted.split("\\.", -1)) {
      node = node instanceof YamlNode.Mapping m ? m.entries().get(key) : null;
    }
    return node;
  }

  /** Refuses keys that mean nothing beside another one. */
  void refuse(String why, String... keys) {
    for (String key : keys) {
      YamlNode node = mapping.entries().get(key);
      if (node != null) {
        throw new ConfigException(node.place(), full(key) + " must be left out " + why);
      }
    }
  }

  ConfigException wrong(String key, String rule) {
    return wrong(key, required(key), rule);
  }

  private ConfigException wrong(String key, YamlNode node, String rule) {
    String value =
        node instanceof YamlNode.Scalar scalar
            ? (scalar.text().isEmpty() ? "empty" : Checks.shown(scalar.text()))
            : node instanceof YamlNode.Sequence ? "a list" : "a mapping";
    return new ConfigException(node.place(), full(key) + " must " + rule + ", but is " + value);
  }

  private YamlNode required(String key) {
    YamlNode node = mapping.entries().get(key);
    if (node == null) {
      throw new ConfigException(mapping.place(), full(key) + " must be given, but is missing");
    }
    return node;
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
