package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;
import io.rona.privacy.event.DpEventJson;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Bodies of entries as JSON and back.
 *
 * <p>What is hashed is the text as written, never a text made again from its values, so that no
 * later version of a JSON library can change a hash.
 */
final class EntryCodec {
  private static final int VERSION = 1;
  private static final int MAX_DEPTH = 256;
  private static final JsonMapper MAPPER =
      StrictJson.mapper(2L * LedgerEntry.MAX_BODY_LENGTH, MAX_DEPTH);

  private EntryCodec() {}

  static String write(EntryBody body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = MAPPER.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberProperty("version", VERSION);
      json.writeStringProperty("kind", body.detail().kind());
      json.writeStringProperty("at", body.at().toString());
      json.writeNumberProperty("accountSequence", body.accountSequence());
      json.writeStringProperty("accountPrevious", body.accountPrevious());
      json.writeStringProperty("committed", body.committed().toString());
      json.writeStringProperty("outstanding", body.outstanding().toString());
      writeDetail(json, body.detail());
      json.writeEndObject();
    }
    return text.toString();
  }

  static EntryBody read(String text) {
    try {
      StrictJson json = StrictJson.parse(MAPPER, text);
      if (json.integer("version") != VERSION) {
        throw new IllegalArgumentException("version must be " + VERSION);
      }
      EntryDetail detail = readDetail(json, json.text("kind"));
      EntryBody body =
          new EntryBody(
              Instant.parse(json.text("at")),
              json.integer("accountSequence"),
              json.text("accountPrevious"),
              json.units("committed"),
              json.units("outstanding"),
              detail);
      json.end();
      return body;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new LedgerIntegrityException("the body of an entry is invalid: " + e.getMessage(), e);
    }
  }

  private static void writeDetail(JsonGenerator json, EntryDetail detail) {
    if (detail instanceof EntryDetail.Register register) {
      writeRegister(json, register);
    } else if (detail instanceof EntryDetail.Reserve reserve) {
      writeReserve(json, reserve);
    } else if (detail instanceof EntryDetail.Commit commit) {
      json.writeStringProperty("reservation", commit.reservationId());
      json.writeStringProperty("outputDigest", commit.outputDigest());
      json.writeBooleanProperty("releasable", commit.releasable());
    } else if (detail instanceof EntryDetail.Release release) {
      json.writeStringProperty("reservation", release.reservationId());
      json.writeStringProperty("reason", release.reason());
    } else if (detail instanceof EntryDetail.Close close) {
      json.writeStringProperty("reason", close.reason());
    } else {
      throw new AssertionError("a kind of entry has no written form: " + detail.kind());
    }
  }

  private static void writeRegister(JsonGenerator json, EntryDetail.Register register) {
    BudgetAccount account = register.account();
    json.writeStringProperty("dataset", account.dataset().name());
    json.writeStringProperty("keyedDigest", account.dataset().keyedDigest());
    json.writeStringProperty("adjacency", account.adjacency().label());
    json.writeStringProperty("privacyUnit", account.privacyUnit());
    json.writeNumberProperty("declaredUnits", account.declaredUnits());
    json.writeName("epsilon");
    json.writeRawValue(StrictJson.real(account.budget().epsilon()));
    json.writeName("delta");
    json.writeRawValue(StrictJson.real(account.budget().delta()));
    json.writeStringProperty("filter", register.filter());
    json.writeStringProperty("limit", register.limit().toString());
  }

  private static void writeReserve(JsonGenerator json, EntryDetail.Reserve reserve) {
    json.writeStringProperty("reservation", reserve.reservationId());
    json.writeName("event");
    json.writeRawValue(DpEventJson.write(reserve.event()));
    json.writeStringProperty("cost", reserve.cost().toString());
    json.writeStringProperty("runId", reserve.runId());
    json.writeStringProperty("purpose", reserve.purpose());
    json.writeStringProperty("queryDigest", reserve.queryDigest());
    json.writeBooleanProperty("releasable", reserve.releasable());
  }

  private static EntryDetail readDetail(StrictJson json, String kind) {
    return switch (kind) {
      case "register" -> readRegister(json);
      case "reserve" -> readReserve(json);
      case "commit" -> readCommit(json);
      case "release" -> new EntryDetail.Release(reservation(json), reason(json));
      case "close" -> new EntryDetail.Close(reason(json));
      default -> throw new IllegalArgumentException("its kind is unknown");
    };
  }

  private static EntryDetail readRegister(StrictJson json) {
    BudgetAccount account =
        new BudgetAccount(
            new SensitiveDataId(json.text("dataset"), json.text("keyedDigest")),
            Adjacency.ofLabel(json.text("adjacency")),
            json.text("privacyUnit"),
            json.integer("declaredUnits"),
            new PrivacyParameters(json.real("epsilon"), json.real("delta")));
    return new EntryDetail.Register(account, json.text("filter"), json.units("limit"));
  }

  private static EntryDetail readReserve(StrictJson json) {
    EntryDetail.Reserve reserve =
        new EntryDetail.Reserve(
            reservation(json),
            DpEventJson.read(json.member("event").toString()),
            json.units("cost"),
            json.text("runId"),
            json.text("purpose"),
            json.text("queryDigest"),
            json.flag("releasable"));
    LedgerChecks.name("runId", reserve.runId());
    LedgerChecks.text("purpose", reserve.purpose());
    LedgerChecks.sha256("queryDigest", reserve.queryDigest());
    return reserve;
  }

  private static EntryDetail readCommit(StrictJson json) {
    String outputDigest = json.text("outputDigest");
    LedgerChecks.sha256("outputDigest", outputDigest);
    return new EntryDetail.Commit(reservation(json), outputDigest, json.flag("releasable"));
  }

  private static String reservation(StrictJson json) {
    String id = json.text("reservation");
    LedgerChecks.reservationId(id);
    return id;
  }

  private static String reason(StrictJson json) {
    String reason = json.text("reason");
    LedgerChecks.text("reason", reason);
    return reason;
  }
}
