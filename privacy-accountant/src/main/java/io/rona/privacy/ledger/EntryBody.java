package io.rona.privacy.ledger;

import java.math.BigInteger;
import java.time.Instant;

/**
 * The parsed body of an entry.
 *
 * @param at when it was written, by the clock of the writer; not used for any decision
 * @param accountSequence place among the account's entries; 1 for its registration
 * @param accountPrevious hash of the account's entry before this one, or of the ledger's genesis
 * @param committed cost of the account's committed releases after this entry, in units of \(
 *     2^{-128} \)
 * @param outstanding cost of the account's outstanding reservations after this entry, in units of
 *     \( 2^{-128} \)
 * @param detail what the entry records
 */
public record EntryBody(
    Instant at,
    long accountSequence,
    String accountPrevious,
    BigInteger committed,
    BigInteger outstanding,
    EntryDetail detail) {}
