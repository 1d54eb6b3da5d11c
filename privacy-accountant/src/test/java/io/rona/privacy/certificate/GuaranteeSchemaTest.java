package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published schema and what certificates hold say the same. */
class GuaranteeSchemaTest {
  private static final Path SCHEMA =
      Path.of("..", "docs", "schema", "privacy-guarantee-v1.schema.json");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Schema schema;
  private final String predicate;

  GuaranteeSchemaTest(@TempDir Path folder) throws IOException {
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);
    PrivacyGuarantee guarantee =
        TestBundles.guarantee(
            TestBundles.claim(),
            TestBundles.anchor(TestBundles.extract(folder.resolve("ledger.db"), "images")));
    this.predicate = new String(StrictJson.write(guarantee), StandardCharsets.UTF_8);
  }

  @Test
  void schema_guaranteeAsWritten_isValid() {
    assertTrue(errors(predicate).isEmpty(), () -> errors(predicate).toString());
  }

  @Test
  void schema_id_isThePredicateType() throws IOException {
    assertEquals(
        InTotoStatement.PREDICATE_TYPE,
        MAPPER.readTree(Files.readString(SCHEMA)).get("$id").stringValue());
  }

  /** A member left out or added is refused by the schema and by the reader alike. */
  @Test
  void schemaAndReader_memberMissingOrUnknown_bothRefuse() {
    List<ObjectNode> variants = new ArrayList<>();
    for (String name : MAPPER.readTree(predicate).propertyNames()) {
      ObjectNode without = (ObjectNode) MAPPER.readTree(predicate);
      without.remove(name);
      variants.add(without);
      JsonNode member = without.get("claim");
      if (member != null) {
        ObjectNode unknown = (ObjectNode) MAPPER.readTree(predicate);
        ((ObjectNode) unknown.get("claim")).put(name + "X", 1);
        variants.add(unknown);
      }
    }
    assertTrue(variants.size() > 15);
    for (ObjectNode variant : variants) {
      assertFalse(errors(variant.toString()).isEmpty(), variant::toString);
      assertFalse(reads(variant.toString()), variant::toString);
    }
  }

  private List<?> errors(String json) {
    return schema.validate(json, InputFormat.JSON);
  }

  private static boolean reads(String json) {
    try {
      StrictJson.read(json.getBytes(StandardCharsets.UTF_8), PrivacyGuarantee.class, "guarantee");
      return true;
    } catch (VerificationException e) {
      return false;
    }
  }
}
