package io.rona.cli.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the plain part of YAML 1.2: mappings, lists and scalars.
 *
 * <p>Anchors, aliases, tags, further documents, duplicate keys and deep nesting are errors, so that
 * a small file cannot stand for a large one and no line is ignored.
 */
final class YamlText {
  private static final int MAX_DEPTH = 12;
  private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

  private final String source;
  private final boolean lines;
  private final Iterator<Event> events;

  private YamlText(String source, boolean lines, Iterator<Event> events) {
    this.source = source;
    this.lines = lines;
    this.events = events;
  }

  /** Reads a file's text; places are {@code file:line}. */
  static YamlNode parseFile(String file, String text) {
    return parse(file, text, true);
  }

  /** Reads the value of an override; the place is the override. */
  static YamlNode parseValue(String override, String text) {
    return parse(override, text, false);
  }

  private static YamlNode parse(String source, String text, boolean lines) {
    LoadSettings settings = LoadSettings.builder().setLabel(source).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      return new YamlText(source, lines, events).document();
    } catch (MarkedYamlEngineException e) {
      String place = e.getProblemMark().map(m -> at(source, lines, m.getLine())).orElse(source);
      throw new ConfigException(place, "is not valid YAML: " + Checks.shown(e.getProblem()));
    } catch (YamlEngineException e) {
      throw new ConfigException(source, "is not valid YAML");
    }
  }

  private static String at(String source, boolean lines, int line) {
    return lines ? source + ":" + (line + 1) : source;
  }

  private String place(Event event) {
    return event.getStartMark().map(mark -> at(source, lines, mark.getLine())).orElse(source);
  }

  private YamlNode document() {
    events.next();
    Event start = events.next();
    if (start.getEventId() != Event.ID.DocumentStart) {
      return new YamlNode.Scalar(source, "", false);
    }
    YamlNode node = node(events.next(), 0);
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new ConfigException(place(end), "must hold one YAML document, but holds more");
    }
    return node;
  }

  private YamlNode node(Event event, int depth) {
    refuseAnchors(event);
    if (depth > MAX_DEPTH) {
      throw new ConfigException(place(event), "must nest at most " + MAX_DEPTH + " levels deep");
    }
    if (event instanceof ScalarEvent scalar) {
      refuseTag(event, scalar.getTag().isPresent());
      return new YamlNode.Scalar(place(event), scalar.getValue(), !scalar.isPlain());
    }
    if (event instanceof SequenceStartEvent sequence) {
      refuseTag(event, sequence.getTag().isPresent());
      return sequence(event, depth);
    }
    if (event instanceof MappingStartEvent mapping) {
      refuseTag(event, mapping.getTag().isPresent());
      return mapping(event, depth);
    }
    throw new ConfigException(place(event), "is not valid YAML");
  }

  private YamlNode sequence(Event start, int depth) {
    List<YamlNode> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, depth + 1));
      event = events.next();
    }
    return new YamlNode.Sequence(place(start), items);
  }

  private YamlNode mapping(Event start, int depth) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      String key = key(event);
      if (entries.put(key, node(events.next(), depth + 1)) != null) {
        throw new ConfigException(
            place(event), "key " + key + " must stand once, but stands twice");
      }
      event = events.next();
    }
    return new YamlNode.Mapping(place(start), entries);
  }

  /** A key that is no name is not repeated: the file may be data handed over by mistake. */
  private String key(Event event) {
    refuseAnchors(event);
    if (event instanceof ScalarEvent scalar
        && scalar.getTag().isEmpty()
        && KEY.matcher(scalar.getValue()).matches()) {
      return scalar.getValue();
    }
    throw new ConfigException(place(event), "a key must be a name of letters and digits");
  }

  private void refuseAnchors(Event event) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw new ConfigException(place(event), "anchors and aliases are not allowed");
    }
  }

  private void refuseTag(Event event, boolean tagged) {
    if (tagged) {
      throw new ConfigException(place(event), "tags are not allowed");
    }
  }
}
