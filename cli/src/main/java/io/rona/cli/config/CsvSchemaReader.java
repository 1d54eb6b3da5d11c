package io.rona.cli.config;

import io.rona.query.data.CsvColumn;
import io.rona.query.data.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads schemas of CSV files, as strictly as configurations are read.
 *
 * <pre>{@code
 * missing: "?"              # token of a missing value; the empty cell by default
 * delimiter: ","
 * header: true
 * columns:                  # all of the file's; without a header in its order
 *   - {name: age, kind: numeric, min: 0, max: 100, outside: clamp}
 *   - {name: job, kind: categorical, categories: [nurse, smith], unknown: missing, optional: true}
 *   - {name: town, kind: categorical}    # categories are those of the public file
 *   - {name: income, kind: label, classes: [low, high]}
 *   - {name: person, kind: ignored}
 * }</pre>
 *
 * <p><b>Privacy.</b> A schema is part of the configuration and is published with the student.
 * Ranges and categories must be known without a look at the sensitive file.
 */
public final class CsvSchemaReader {
  private static final List<String> NUMERIC = List.of("min", "max", "outside");
  private static final List<String> CATEGORICAL = List.of("categories", "unknown");
  private static final List<String> LABEL = List.of("classes");
  private static final List<String> OPTIONAL = List.of("optional");

  private CsvSchemaReader() {}

  /**
   * Reads a file.
   *
   * @param file the schema
   * @return the schema; not complete where it leaves categories to the public file
   * @throws ConfigException if the file cannot be read or is not a valid schema
   */
  public static CsvSchema read(Path file) {
    String name = Checks.shown(file.toString());
    try (InputStream in = Files.newInputStream(file)) {
      return read(name, TextFile.read(name, in));
    } catch (NoSuchFileException e) {
      throw new ConfigException(name, "the schema does not exist");
    } catch (IOException e) {
      throw new ConfigException(name, "the schema cannot be read");
    }
  }

  /**
   * Reads a text.
   *
   * @param name name for messages
   * @param yaml the schema
   * @return the schema; not complete where it leaves categories to the public file
   * @throws ConfigException if it is not a valid schema
   */
  public static CsvSchema read(String name, String yaml) {
    YamlNode node = YamlText.parseFile(name, yaml);
    if (!(node instanceof YamlNode.Mapping)) {
      throw new ConfigException(name, "the schema must be a mapping of keys to values");
    }
    Section root = Section.open(Keys.SCHEMA, "", node);
    String missing = root.cellOr("missing", "");
    char delimiter = delimiter(root);
    boolean header = root.flagOr("header", true);
    List<CsvColumn> columns =
        root.sections("columns").stream().map(CsvSchemaReader::column).toList();
    return root.parse("columns", () -> new CsvSchema(columns, missing, delimiter, header));
  }

  private static char delimiter(Section root) {
    String text = root.cellOr("delimiter", ",");
    boolean fits =
        text.length() == 1
            && text.charAt(0) != '"'
            && (text.equals("\t") || !Character.isISOControl(text.charAt(0)))
            && !Character.isLetterOrDigit(text.charAt(0));
    if (!fits) {
      throw root.wrong("delimiter", "be one character, no quote, letter, digit or line end");
    }
    return text.charAt(0);
  }

  private static CsvColumn column(Section section) {
    String name = section.cell("name");
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw section.wrong("name", "be a name without control characters");
    }
    String kind = section.text("kind");
    return switch (kind) {
      case "numeric" -> numeric(section, name);
      case "categorical" -> categorical(section, name);
      case "label" -> label(section, name);
      case "ignored" -> {
        refuse(section, kind, NUMERIC, CATEGORICAL, LABEL, OPTIONAL);
        yield new CsvColumn.Ignored(name);
      }
      case "unit" -> {
        refuse(section, kind, NUMERIC, CATEGORICAL, LABEL, OPTIONAL);
        yield new CsvColumn.Unit(name);
      }
      default ->
          throw section.wrong("kind", "be one of categorical, ignored, label, numeric, unit");
    };
  }

  @SafeVarargs
  private static void refuse(Section section, String kind, List<String>... keys) {
    for (List<String> group : keys) {
      section.refuse("with kind " + kind, group.toArray(String[]::new));
    }
  }

  private static CsvColumn numeric(Section section, String name) {
    refuse(section, "numeric", CATEGORICAL, LABEL);
    double min = section.decimal("min");
    double max = section.decimal("max");
    boolean reject = section.choiceOr("outside", Map.of("clamp", false, "reject", true), false);
    boolean optional = section.flagOr("optional", false);
    return section.parse("min", () -> new CsvColumn.Numeric(name, min, max, reject, optional));
  }

  private static CsvColumn categorical(Section section, String name) {
    refuse(section, "categorical", NUMERIC, LABEL);
    List<String> categories = section.optionalCells("categories").orElse(List.of());
    boolean asMissing =
        section.choiceOr("unknown", Map.of("reject", false, "missing", true), false);
    boolean optional = section.flagOr("optional", false);
    if (asMissing && !optional) {
      throw section.wrong("unknown", "be reject unless optional is true");
    }
    return section.parse(
        "categories", () -> new CsvColumn.Categorical(name, categories, asMissing, optional));
  }

  private static CsvColumn label(Section section, String name) {
    refuse(section, "label", NUMERIC, CATEGORICAL, OPTIONAL);
    List<String> classes = section.optionalCells("classes").orElse(List.of());
    return section.parse("classes", () -> new CsvColumn.Label(name, classes));
  }
}
