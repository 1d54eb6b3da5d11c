package io.rona.privacy.certificate;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * The predicate of a certificate: a privacy guarantee and everything it rests on.
 *
 * <p>Published as a JSON schema, {@code privacy-guarantee-v1.schema.json}. A member is never
 * removed nor given a new meaning; a changed form is a new predicate type.
 *
 * @param schemaVersion 1
 * @param issuedAt when the certificate was issued, ISO 8601 in UTC
 * @param ronaVersion version of rona that made the release
 * @param releasable false if the noise did not come from a secret source, so that the guarantee
 *     does not hold against anyone who knows the seed
 * @param publicSeed seed of the public randomness (shuffling, initialization); never of noise
 * @param claim the numbers
 * @param mechanism what was done to the sensitive data
 * @param ledger where it was paid for
 * @param assumptions what must be true outside the program for the guarantee to hold
 * @param trustModel who is trusted with what
 * @param nistSp800226 the claim laid open item by item
 */
public record PrivacyGuarantee(
    int schemaVersion,
    String issuedAt,
    String ronaVersion,
    boolean releasable,
    long publicSeed,
    Claim claim,
    Mechanism mechanism,
    LedgerAnchor ledger,
    List<String> assumptions,
    String trustModel,
    NistSp800226 nistSp800226) {
  /** The only version of the schema there is. */
  public static final int SCHEMA_VERSION = 1;

  /**
   * Checks the forms.
   *
   * @param schemaVersion 1
   * @param issuedAt when the certificate was issued
   * @param ronaVersion version of rona
   * @param releasable whether the noise came from a secret source
   * @param publicSeed seed of the public randomness
   * @param claim the numbers
   * @param mechanism what was done
   * @param ledger where it was paid for
   * @param assumptions what must be true outside the program; at least one
   * @param trustModel who is trusted with what
   * @param nistSp800226 the claim laid open item by item
   * @throws IllegalArgumentException if a value is out of range or missing
   */
  public PrivacyGuarantee {
    if (schemaVersion != SCHEMA_VERSION) {
      throw new IllegalArgumentException(
          "schemaVersion must be " + SCHEMA_VERSION + ", but is " + schemaVersion);
    }
    Texts.text("issuedAt", issuedAt);
    requireInstant(issuedAt);
    Texts.text("ronaVersion", ronaVersion);
    Texts.present("claim", claim);
    Texts.present("mechanism", mechanism);
    Texts.present("ledger", ledger);
    Texts.present("assumptions", assumptions);
    Texts.texts("assumptions", assumptions);
    assumptions = List.copyOf(assumptions);
    Texts.text("trustModel", trustModel);
    Texts.present("nistSp800226", nistSp800226);
  }

  private static void requireInstant(String text) {
    try {
      Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("issuedAt must be an instant in ISO 8601, in UTC", e);
    }
  }
}
