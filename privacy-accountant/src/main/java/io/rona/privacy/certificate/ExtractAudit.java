package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import io.rona.privacy.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * Reads a ledger extract as an outsider does: from its published format alone, sharing no code with
 * the ledger that wrote it.
 *
 * <p>Every hash of the chain is recomputed up to the head that the certificate signs, and every
 * decision about the data set is followed by {@link AccountAudit}.
 */
final class ExtractAudit {
  private static final int MAX_ENTRIES = 250_000;
  private static final HexFormat HEX = HexFormat.of();

  private final AccountAudit account;

  private ExtractAudit(AccountAudit account) {
    this.account = account;
  }

  static AccountAudit of(byte[] json, LedgerAnchor anchor) {
    AuditObject extract =
        new AuditObject(StrictJson.largeTree(json, BundleFiles.LEDGER), "extract");
    extract.expect("format", "rona-ledger-extract");
    extract.expect("version", 1);
    requireHead(extract, anchor);
    String genesis = hash("rona-ledger-genesis-v1", HEX.parseHex(anchor.ledgerId()));
    ExtractAudit audit = new ExtractAudit(new AccountAudit(genesis));
    AuditObject account = extract.object("account");
    audit.follow(extract.member("entries"), tag(account), genesis, anchor);
    audit.requireSameAccount(account);
    extract.end();
    return audit.account;
  }

  /** The head in the certificate is the second place that an older ledger is found out by. */
  private static void requireHead(AuditObject extract, LedgerAnchor anchor) {
    if (!extract.sha256("ledgerId").equals(anchor.ledgerId())) {
      throw new VerificationException("the extract is of another ledger than the certificate");
    }
    AuditObject head = extract.object("head");
    long sequence = head.positive("sequence");
    boolean same = sequence == anchor.sequence() && head.sha256("hash").equals(anchor.headHash());
    if (!same) {
      throw new VerificationException(
          "the extract ends at entry "
              + sequence
              + ", the certificate was signed at entry "
              + anchor.sequence()
              + ": the ledger was rolled back, rewritten, or is of another time");
    }
    head.end();
  }

  private void follow(JsonNode entries, String tag, String genesis, LedgerAnchor anchor) {
    if (!entries.isArray() || entries.size() > MAX_ENTRIES) {
      throw new VerificationException("entries must be an array of at most " + MAX_ENTRIES);
    }
    String previous = genesis;
    long sequence = 0;
    for (JsonNode entry : entries) {
      sequence++;
      try {
        previous = follow(new AuditObject(entry, "entry"), sequence, previous, tag);
      } catch (VerificationException | IllegalArgumentException e) {
        throw new VerificationException("entry " + sequence + ": " + e.getMessage(), e);
      }
    }
    if (sequence != anchor.sequence() || !previous.equals(anchor.headHash())) {
      throw new VerificationException(
          "the extract claims to end at entry "
              + anchor.sequence()
              + ", but its entries do not lead there");
    }
  }

  private String follow(AuditObject entry, long sequence, String previous, String tag) {
    String account = entry.sha256("account");
    boolean own = account.equals(tag);
    String body = own ? entry.text("body") : "";
    String bodyDigest =
        own ? Sha256.of(body.getBytes(StandardCharsets.UTF_8)) : entry.sha256("bodyDigest");
    String hash =
        hash(
            "rona-ledger-entry-v1",
            ByteBuffer.allocate(Long.BYTES).putLong(sequence).array(),
            HEX.parseHex(previous),
            HEX.parseHex(account),
            HEX.parseHex(bodyDigest));
    entry.expect("hash", hash);
    entry.end();
    if (own) {
      this.account.follow(body, hash);
    }
    return hash;
  }

  private static String tag(AuditObject account) {
    return hash(
        "rona-ledger-account-v1",
        HEX.parseHex(digest(account.text("dataset"))),
        HEX.parseHex(account.sha256("keyedDigest")),
        HEX.parseHex(digest(Adjacency.ofLabel(account.text("adjacency")).label())));
  }

  private void requireSameAccount(AuditObject claimed) {
    AuditedTerms terms = account.terms();
    claimed.expect("dataset", terms.dataset());
    claimed.expect("keyedDigest", terms.keyedDigest());
    claimed.expect("adjacency", terms.adjacency().label());
    claimed.end();
  }

  private static String digest(String text) {
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 over a label, a zero byte, and fields of fixed length. */
  private static String hash(String label, byte[]... fields) {
    MessageDigest sha256 = Sha256.begin();
    sha256.update(label.getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) 0);
    for (byte[] field : fields) {
      sha256.update(field);
    }
    return HEX.formatHex(sha256.digest());
  }
}
