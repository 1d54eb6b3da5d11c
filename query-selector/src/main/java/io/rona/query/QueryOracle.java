package io.rona.query;

/**
 * The only door between teachers and students: takes public queries, gives noised answers that were
 * paid for.
 */
@FunctionalInterface
public interface QueryOracle {

  /**
   * Answers a batch of queries.
   *
   * <p>A batch that was answered before gets the same answer again at no cost.
   *
   * @param batch public inputs
   * @return noised answers with the receipt of the ledger entries that paid for them
   * @throws io.rona.privacy.ledger.BudgetExceededException if the budget does not suffice; then
   *     nothing is released
   */
  ReleasedKnowledge answer(QueryBatch batch);
}
