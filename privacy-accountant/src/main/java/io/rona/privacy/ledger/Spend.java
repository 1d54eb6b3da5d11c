package io.rona.privacy.ledger;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One reservation and what became of it. */
final class Spend {
  private final EntryDetail.Reserve reserve;
  private final Reservation reservation;
  private @Nullable Receipt receipt;
  private boolean released;

  Spend(EntryDetail.Reserve reserve, AccountKey account, LedgerHead entry) {
    this.reserve = reserve;
    this.reservation = new Reservation(reserve.reservationId(), reserve.request(account), entry);
  }

  EntryDetail.Reserve reserve() {
    return reserve;
  }

  Reservation reservation() {
    return reservation;
  }

  Optional<Receipt> receipt() {
    return Optional.ofNullable(receipt);
  }

  SpendState state() {
    if (released) {
      return SpendState.RELEASED;
    }
    return receipt == null ? SpendState.OUTSTANDING : SpendState.COMMITTED;
  }

  void commit(String outputDigest, Instant at, LedgerHead entry) {
    receipt = new Receipt(reservation, outputDigest, at, entry);
  }

  void release() {
    released = true;
  }
}
