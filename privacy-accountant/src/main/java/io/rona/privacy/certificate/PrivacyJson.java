package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import io.rona.privacy.event.DpEvent;
import io.rona.privacy.event.DpEventJson;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** The vocabulary of privacy in JSON: relations by their label, events by their own schema. */
final class PrivacyJson {
  private PrivacyJson() {}

  static JacksonModule module() {
    return new SimpleModule("rona privacy")
        .addSerializer(new AdjacencySerializer())
        .addDeserializer(Adjacency.class, new AdjacencyDeserializer())
        .addSerializer(new EventSerializer())
        .addDeserializer(DpEvent.class, new EventDeserializer());
  }

  private static final class AdjacencySerializer extends StdSerializer<Adjacency> {
    AdjacencySerializer() {
      super(Adjacency.class);
    }

    @Override
    public void serialize(Adjacency value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.label());
    }
  }

  private static final class AdjacencyDeserializer extends StdDeserializer<Adjacency> {
    AdjacencyDeserializer() {
      super(Adjacency.class);
    }

    @Override
    public Adjacency deserialize(JsonParser in, DeserializationContext context) {
      return Adjacency.ofLabel(in.getString());
    }
  }

  private static final class EventSerializer extends StdSerializer<DpEvent> {
    EventSerializer() {
      super(DpEvent.class);
    }

    @Override
    public void serialize(DpEvent value, JsonGenerator out, SerializationContext context) {
      out.writeRawValue(DpEventJson.write(value));
    }
  }

  private static final class EventDeserializer extends StdDeserializer<DpEvent> {
    EventDeserializer() {
      super(DpEvent.class);
    }

    @Override
    public DpEvent deserialize(JsonParser in, DeserializationContext context) {
      JsonNode node = context.readTree(in);
      return DpEventJson.read(node.toString());
    }
  }
}
