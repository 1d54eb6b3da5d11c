package io.rona.privacy.ledger;

import java.util.List;
import java.util.Optional;

/**
 * Budgets of sensitive data sets, and everything that was spent from them.
 *
 * <h2>Privacy guarantees</h2>
 *
 * <p>For every account, the releases that were admitted satisfy the account's \( (\varepsilon,
 * \delta) \) together, for the account's privacy unit and neighboring relation, under adaptive
 * composition against a fixed limit (Feldman and Zrnic, 2021, Individual Privacy Accounting via a
 * R&eacute;nyi Filter; Whitehouse et al., 2023, Fully-Adaptive Composition in Differential
 * Privacy), if
 *
 * <ul>
 *   <li>every release is reserved here before its noise is drawn,
 *   <li>the event of a request states at least what the release does, and
 *   <li>data sets under different names do not hold the same units.
 * </ul>
 *
 * <p>One data set has one account: a second neighboring relation for the same data set is refused,
 * because a release charged under one relation would not be charged under the other.
 *
 * <p>When {@link #reserve} returns, the reservation survives a crash of process, operating system
 * or power, as far as the storage keeps what it has reported as written. Implementations are safe
 * for use by several threads and by several processes.
 */
public interface BudgetLedger extends AutoCloseable {
  /**
   * Opens a budget for a sensitive data set; does nothing if it exists with the same terms.
   *
   * @param account the terms
   * @throws IllegalArgumentException if the data set's name or contents are registered with other
   *     terms
   * @throws LedgerException if the ledger cannot be read or written
   */
  void register(BudgetAccount account);

  /**
   * Lists the budgets in the order of their registration.
   *
   * @return the terms of each
   * @throws LedgerException if the ledger cannot be read
   */
  List<BudgetAccount> accounts();

  /**
   * Sets budget aside for a release; to be called before any noise is drawn.
   *
   * @param request what is to be released
   * @return the reservation, durable
   * @throws BudgetExceededException if the account's privacy filter refuses; nothing is reserved
   * @throws IllegalArgumentException if the account is unknown or the event is too long to record
   * @throws IllegalStateException if the account is closed or the ledger is open for reading only
   * @throws io.rona.privacy.accounting.UnsupportedEventException if the account's privacy filter
   *     cannot charge the event
   * @throws LedgerException if the ledger cannot be read or written; the cost may then be spent
   */
  Reservation reserve(SpendRequest request);

  /**
   * Records what was released for a reservation; at most once.
   *
   * @param reservation a reservation of this ledger
   * @param outputDigest SHA-256 of what was released; 64 lower-case hexadecimal digits
   * @return the receipt, durable
   * @throws IllegalArgumentException if the digest has another form, or the reservation is not this
   *     ledger's
   * @throws IllegalStateException if the reservation was committed or released before, or the
   *     ledger is open for reading only
   * @throws LedgerException if the ledger cannot be read or written; the reservation stays spent
   */
  Receipt commit(Reservation reservation, String outputDigest);

  /**
   * Commits a reservation whose holder ended before it could; the release it paid for was found.
   *
   * <p>Returns the receipt at hand if the reservation is committed with the same output already.
   *
   * @param reservationId id of a reservation of this ledger
   * @param outputDigest SHA-256 of what was released; 64 lower-case hexadecimal digits
   * @return the receipt, durable
   * @throws IllegalArgumentException if the digest has another form, or the reservation is unknown
   * @throws IllegalStateException if the reservation was released, or committed with another
   *     output, or the ledger is open for reading only
   * @throws LedgerException if the ledger cannot be read or written; the reservation stays spent
   */
  Receipt recover(String reservationId, String outputDigest);

  /**
   * Gives a reservation back; only where nothing left the process, noised or not.
   *
   * <p>There is no way to give back a reservation of another process: nobody can know what it let
   * out.
   *
   * @param reservation a reservation that this ledger object made
   * @param reason why nothing was released; at most 500 characters, without record content
   * @throws IllegalArgumentException if the reason has another form, or the reservation is not this
   *     ledger's
   * @throws IllegalStateException if the reservation was committed or released before, or the
   *     ledger is open for reading only
   * @throws LedgerException if the ledger cannot be read or written; the reservation may stay spent
   */
  void release(Reservation reservation, String reason);

  /**
   * Closes an account: no further reservation. Outstanding ones can still be settled.
   *
   * @param key the account
   * @param reason why; at most 500 characters, without record content
   * @throws IllegalArgumentException if the account is unknown or the reason has another form
   * @throws IllegalStateException if it is closed already or the ledger is open for reading only
   * @throws LedgerException if the ledger cannot be read or written
   */
  void closeAccount(AccountKey key, String reason);

  /**
   * Says what an account has spent and what it has left.
   *
   * @param key the account
   * @return its status
   * @throws IllegalArgumentException if the account is unknown
   * @throws LedgerException if the ledger cannot be read
   */
  BudgetStatus status(AccountKey key);

  /**
   * Finds a reservation, whatever became of it, and whichever process made it.
   *
   * @param reservationId id of a reservation
   * @return the reservation, or empty if this ledger holds none of that id
   * @throws IllegalArgumentException if the id has another form
   * @throws LedgerException if the ledger cannot be read
   */
  Optional<Reservation> reservation(String reservationId);

  /**
   * Finds the receipt of a reservation.
   *
   * @param reservationId id of a reservation
   * @return its receipt, or empty if this ledger holds no commit of that reservation
   * @throws IllegalArgumentException if the id has another form
   * @throws LedgerException if the ledger cannot be read
   */
  Optional<Receipt> receipt(String reservationId);

  /**
   * Lists all entries of an account, oldest first.
   *
   * @param key the account
   * @return its entries
   * @throws IllegalArgumentException if the account is unknown
   * @throws LedgerException if the ledger cannot be read
   */
  List<LedgerEntry> history(AccountKey key);

  /**
   * Takes out what an outsider needs to check an account.
   *
   * @param key the account
   * @return all its entries, and the hashes that tie them to the ledger's head
   * @throws IllegalArgumentException if the account is unknown
   * @throws LedgerException if the ledger cannot be read
   */
  LedgerExtract extract(AccountKey key);

  /**
   * Returns the newest entry.
   *
   * @return the head of the chain
   * @throws LedgerException if the ledger cannot be read
   */
  LedgerHead head();

  /**
   * Checks that this ledger continues from a head that was seen before, such as a certificate's.
   *
   * @param earlier the head seen before
   * @throws LedgerIntegrityException if it is another ledger's, or if this ledger was rolled back
   *     behind it or rewritten
   * @throws LedgerException if the ledger cannot be read
   */
  void requireContains(LedgerHead earlier);

  /**
   * Closes the ledger; reservations that are outstanding stay spent.
   *
   * @throws LedgerException if it cannot be closed
   */
  @Override
  void close();
}
