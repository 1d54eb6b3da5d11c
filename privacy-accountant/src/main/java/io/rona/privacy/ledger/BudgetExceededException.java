package io.rona.privacy.ledger;

/** A request would spend more than its account has left; nothing was reserved. */
public final class BudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient AccountKey account;
  private final transient double cost;
  private final transient double remaining;

  /**
   * Says what was asked and what is left.
   *
   * @param account the budget that was asked
   * @param cost cost of the request by the account's filter
   * @param remaining what the account has left by its filter
   */
  public BudgetExceededException(AccountKey account, double cost, double remaining) {
    super(
        "budget of "
            + account
            + " exceeded: the request costs mu^2 = "
            + cost
            + ", but "
            + remaining
            + " is left");
    this.account = account;
    this.cost = cost;
    this.remaining = remaining;
  }

  /**
   * Returns the budget that was asked.
   *
   * @return the account
   */
  public AccountKey account() {
    return account;
  }

  /**
   * Returns the cost of the request.
   *
   * @return the cost by the account's filter, \( \mu^2 \), rounded up
   */
  public double cost() {
    return cost;
  }

  /**
   * Returns what the account has left.
   *
   * @return what is left by the account's filter, \( \mu^2 \), rounded down
   */
  public double remaining() {
    return remaining;
  }
}
