package io.rona.privacy.ledger;

import io.rona.privacy.event.DpEvent;
import java.math.BigInteger;

/**
 * What one entry of a ledger records.
 *
 * <p>Costs and limits are whole multiples of \( 2^{-128} \), so that sums are exact in any order;
 * costs are rounded up to one and limits down.
 */
public sealed interface EntryDetail {
  /**
   * Returns the word the ledger uses for this kind of entry.
   *
   * @return {@code register}, {@code reserve}, {@code commit}, {@code release} or {@code close}
   */
  String kind();

  /**
   * A budget was opened.
   *
   * @param account the terms
   * @param filter name of the privacy filter
   * @param limit the filter's limit, in units of \( 2^{-128} \)
   */
  record Register(BudgetAccount account, String filter, BigInteger limit) implements EntryDetail {
    @Override
    public String kind() {
      return "register";
    }
  }

  /**
   * Budget was set aside.
   *
   * @param reservationId id of the reservation
   * @param event everything the release does to the sensitive data
   * @param cost the event's cost, in units of \( 2^{-128} \)
   * @param runId the run
   * @param purpose what the release is for
   * @param queryDigest SHA-256 of what is asked
   * @param releasable false if the noise does not come from a secret source
   */
  record Reserve(
      String reservationId,
      DpEvent event,
      BigInteger cost,
      String runId,
      String purpose,
      String queryDigest,
      boolean releasable)
      implements EntryDetail {
    @Override
    public String kind() {
      return "reserve";
    }

    SpendRequest request(AccountKey account) {
      return new SpendRequest(account, event, runId, purpose, queryDigest, releasable);
    }
  }

  /**
   * A release was recorded.
   *
   * @param reservationId id of the reservation that paid
   * @param outputDigest SHA-256 of what was released
   * @param releasable false if the noise did not come from a secret source
   */
  record Commit(String reservationId, String outputDigest, boolean releasable)
      implements EntryDetail {
    @Override
    public String kind() {
      return "commit";
    }
  }

  /**
   * A reservation was given back, because nothing left the process.
   *
   * @param reservationId id of the reservation
   * @param reason why nothing was released
   */
  record Release(String reservationId, String reason) implements EntryDetail {
    @Override
    public String kind() {
      return "release";
    }
  }

  /**
   * An account was closed.
   *
   * @param reason why
   */
  record Close(String reason) implements EntryDetail {
    @Override
    public String kind() {
      return "close";
    }
  }
}
