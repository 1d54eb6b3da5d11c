package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Extracts as JSON and back; bodies stand in it as text, so that their bytes are those hashed. */
final class ExtractCodec {
  private static final String FORMAT = "rona-ledger-extract";
  private static final int VERSION = 1;
  private static final long MAX_LENGTH = 64L << 20;
  private static final int MAX_DEPTH = 4;
  private static final JsonMapper MAPPER = StrictJson.mapper(MAX_LENGTH, MAX_DEPTH);

  private ExtractCodec() {}

  static String write(LedgerExtract extract) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("format", FORMAT);
      json.writeNumberProperty("version", VERSION);
      json.writeStringProperty("ledgerId", extract.head().ledgerId());
      writeAccount(json, extract.account());
      json.writeObjectPropertyStart("head");
      json.writeNumberProperty("sequence", extract.head().sequence());
      json.writeStringProperty("hash", extract.head().hash());
      json.writeEndObject();
      json.writeArrayPropertyStart("entries");
      extract.items().forEach(item -> writeItem(json, item));
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.toString();
  }

  static LedgerExtract read(String text) {
    try {
      if (text.length() > MAX_LENGTH) {
        throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
      }
      return readExtract(StrictJson.parse(MAPPER, text));
    } catch (IllegalArgumentException e) {
      throw new LedgerIntegrityException("not a ledger extract: " + e.getMessage(), e);
    }
  }

  private static LedgerExtract readExtract(StrictJson json) {
    if (!json.text("format").equals(FORMAT) || json.integer("version") != VERSION) {
      throw new IllegalArgumentException("format must be " + FORMAT + ", version " + VERSION);
    }
    AccountKey account = readAccount(StrictJson.of(json.member("account")));
    StrictJson headJson = StrictJson.of(json.member("head"));
    LedgerHead head =
        new LedgerHead(json.text("ledgerId"), headJson.integer("sequence"), headJson.text("hash"));
    headJson.end();
    List<ExtractItem> items = readItems(json.member("entries"));
    json.end();
    return new LedgerExtract(account, head, items);
  }

  private static void writeAccount(JsonGenerator json, AccountKey account) {
    json.writeObjectPropertyStart("account");
    json.writeStringProperty("dataset", account.dataset().name());
    json.writeStringProperty("keyedDigest", account.dataset().keyedDigest());
    json.writeStringProperty("adjacency", account.adjacency().label());
    json.writeEndObject();
  }

  private static AccountKey readAccount(StrictJson json) {
    SensitiveDataId dataset = new SensitiveDataId(json.text("dataset"), json.text("keyedDigest"));
    AccountKey key = new AccountKey(dataset, Adjacency.ofLabel(json.text("adjacency")));
    json.end();
    return key;
  }

  private static void writeItem(JsonGenerator json, ExtractItem item) {
    json.writeStartObject();
    json.writeStringProperty("account", item.accountTag());
    if (item.body() == null) {
      json.writeStringProperty("bodyDigest", item.bodyDigest());
    } else {
      json.writeStringProperty("body", item.body());
    }
    json.writeStringProperty("hash", item.hash());
    json.writeEndObject();
  }

  private static List<ExtractItem> readItems(JsonNode entries) {
    if (!entries.isArray() || entries.size() > LedgerExtract.MAX_ENTRIES) {
      throw new IllegalArgumentException(
          "entries must be an array of at most " + LedgerExtract.MAX_ENTRIES);
    }
    List<ExtractItem> items = new ArrayList<>(entries.size());
    for (JsonNode entry : entries) {
      items.add(readItem(StrictJson.of(entry)));
    }
    return items;
  }

  private static ExtractItem readItem(StrictJson json) {
    String tag = json.text("account");
    LedgerChecks.sha256("account", tag);
    String hash = json.text("hash");
    LedgerChecks.sha256("hash", hash);
    ExtractItem item;
    if (json.has("body")) {
      item = ExtractItem.full(tag, json.text("body"), hash);
    } else {
      String bodyDigest = json.text("bodyDigest");
      LedgerChecks.sha256("bodyDigest", bodyDigest);
      item = new ExtractItem(tag, bodyDigest, null, hash);
    }
    json.end();
    return item;
  }
}
