package io.rona.cli.budget;

import io.rona.privacy.event.ComposedEvent;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import io.rona.privacy.event.SelfComposedEvent;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the events of a line: the objects of {@link DpEventJson}, each with an optional count. */
final class LineEvents {
  private static final String COUNT = "count";

  private LineEvents() {}

  /** Reads an array of events as one composition. */
  static DpEvent composition(JsonNode array) {
    if (!array.isArray() || array.isEmpty()) {
      throw new IllegalArgumentException("events must be an array that is not empty");
    }
    List<DpEvent> events = new ArrayList<>();
    for (JsonNode node : array) {
      events.add(event(node));
    }
    return events.size() == 1 ? events.get(0) : new ComposedEvent(events);
  }

  /** Reads one event. */
  static DpEvent event(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw new IllegalArgumentException("an event must be a JSON object");
    }
    JsonNode type = object.get("type");
    boolean ownCount =
        type != null && type.isString() && type.stringValue().equals("self-composed");
    JsonNode count = object.get(COUNT);
    if (ownCount || count == null) {
      return DpEventJson.read(object);
    }
    ObjectNode single = object.deepCopy();
    single.remove(COUNT);
    DpEvent event = DpEventJson.read(single);
    long times = LineReader.count(COUNT, count);
    return times == 1 ? event : new SelfComposedEvent(event, times);
  }
}
