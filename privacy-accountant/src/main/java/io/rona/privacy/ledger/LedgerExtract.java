package io.rona.privacy.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * All entries of one account, and the hashes that tie them to the head of their ledger.
 *
 * <p>Entries of other accounts stand in it as a tag and a digest, which is what the chain needs and
 * shows nothing but how many there are. It holds no answers and no number of records but the
 * declared one.
 *
 * <p>What {@link #verify()} shows is that the extract is consistent and complete up to its own
 * head. Who rewrites a whole ledger can make another consistent extract; that the head is the true
 * one must come from elsewhere, such as the certificate that signs it, and is checked by {@link
 * #verify(LedgerHead)}.
 *
 * <p>Immutable.
 */
public final class LedgerExtract {
  /** Most entries of a ledger that an extract can be taken of. */
  static final int MAX_ENTRIES = 250_000;

  private final AccountKey account;
  private final LedgerHead head;
  private final List<ExtractItem> items;

  LedgerExtract(AccountKey account, LedgerHead head, List<ExtractItem> items) {
    this.account = account;
    this.head = head;
    this.items = List.copyOf(items);
  }

  /**
   * Reads an extract; nothing in it is checked yet but its form.
   *
   * @param json what {@link #toJson} wrote; at most 64 MiB
   * @return the extract
   * @throws LedgerIntegrityException if it has another form or exceeds a bound
   */
  public static LedgerExtract read(String json) {
    return ExtractCodec.read(json);
  }

  /**
   * Writes the extract.
   *
   * @return canonical JSON: one line in ASCII, the same bytes for the same ledger
   */
  public String toJson() {
    return ExtractCodec.write(this);
  }

  /**
   * Returns the head that the extract claims.
   *
   * @return the ledger's newest entry when the extract was taken
   */
  public LedgerHead head() {
    return head;
  }

  /**
   * Returns the account that the extract claims to be about.
   *
   * @return the account
   */
  public AccountKey account() {
    return account;
  }

  /**
   * Recomputes every hash and follows every decision: admission, sums, what became of each
   * reservation.
   *
   * @return what the extract says
   * @throws LedgerIntegrityException if anything is wrong; the message names the first entry at
   *     fault
   */
  public VerifiedExtract verify() {
    List<LedgerEntry> entries = checkedChain();
    if (entries.isEmpty()) {
      throw new LedgerIntegrityException("the extract holds no entry of account " + account);
    }
    String genesis = Digests.genesis(head.ledgerId());
    LedgerEntry first = entries.get(0);
    AccountState state = AccountState.open(first, parse(first), genesis);
    for (LedgerEntry entry : entries.subList(1, entries.size())) {
      LedgerHead place = new LedgerHead(head.ledgerId(), entry.sequence(), entry.hash());
      state.apply(entry, parse(entry), place);
    }
    List<SpendRecord> spends = state.spends().stream().map(SpendRecord::of).toList();
    return new VerifiedExtract(state.status(head), entries, spends);
  }

  /**
   * Does what {@link #verify()} does, and checks that the extract ends at a head known from
   * elsewhere.
   *
   * @param expected the head, from a source the caller trusts
   * @return what the extract says
   * @throws LedgerIntegrityException if anything is wrong, or the head is another one
   */
  public VerifiedExtract verify(LedgerHead expected) {
    if (!head.equals(expected)) {
      throw new LedgerIntegrityException(
          "the extract ends at entry "
              + head.sequence()
              + " of another ledger, or of another state of the ledger, than entry "
              + expected.sequence()
              + " that was expected");
    }
    return verify();
  }

  List<ExtractItem> items() {
    return items;
  }

  /** The account's entries, after the hashes of the whole chain were recomputed. */
  private List<LedgerEntry> checkedChain() {
    String tag = Digests.accountTag(account);
    List<LedgerEntry> entries = new ArrayList<>();
    String previous = Digests.genesis(head.ledgerId());
    long sequence = 0;
    for (ExtractItem item : items) {
      sequence++;
      String hash = Digests.entry(sequence, previous, item.accountTag(), item.bodyDigest());
      requireItem(sequence, item.hash().equals(hash), "its hash is not that of its contents");
      boolean own = item.accountTag().equals(tag);
      requireItem(sequence, own == (item.body() != null), "its body is missing, or out of place");
      if (item.body() != null) {
        entries.add(new LedgerEntry(sequence, previous, tag, item.body(), hash));
      }
      previous = hash;
    }
    if (sequence != head.sequence() || !previous.equals(head.hash())) {
      throw new LedgerIntegrityException(
          "the extract claims to end at entry "
              + head.sequence()
              + ", but its entries do not lead there");
    }
    return entries;
  }

  private static void requireItem(long sequence, boolean good, String why) {
    if (!good) {
      throw new LedgerIntegrityException("entry " + sequence + " is invalid: " + why);
    }
  }

  private static EntryBody parse(LedgerEntry entry) {
    try {
      return entry.parse();
    } catch (LedgerIntegrityException e) {
      throw new LedgerIntegrityException(
          "entry " + entry.sequence() + " is invalid: " + e.getMessage(), e);
    }
  }
}
