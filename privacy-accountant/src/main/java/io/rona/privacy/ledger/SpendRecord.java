package io.rona.privacy.ledger;

import io.rona.privacy.event.DpEvent;
import java.util.Optional;

/**
 * One reservation as an extract tells it.
 *
 * @param sequence place of the reservation in the ledger
 * @param reservationId id of the reservation
 * @param event everything the release does to the sensitive data
 * @param runId the run
 * @param purpose what the release is for
 * @param queryDigest SHA-256 of what is asked
 * @param releasable false if the noise does not come from a secret source
 * @param state what became of it
 * @param outputDigest SHA-256 of what was released, if it is committed
 */
public record SpendRecord(
    long sequence,
    String reservationId,
    DpEvent event,
    String runId,
    String purpose,
    String queryDigest,
    boolean releasable,
    SpendState state,
    Optional<String> outputDigest) {
  static SpendRecord of(Spend spend) {
    EntryDetail.Reserve reserve = spend.reserve();
    return new SpendRecord(
        spend.reservation().entry().sequence(),
        reserve.reservationId(),
        reserve.event(),
        reserve.runId(),
        reserve.purpose(),
        reserve.queryDigest(),
        reserve.releasable(),
        spend.state(),
        spend.receipt().map(Receipt::outputDigest));
  }
}
