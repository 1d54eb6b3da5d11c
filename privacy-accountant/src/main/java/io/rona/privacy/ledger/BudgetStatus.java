package io.rona.privacy.ledger;

/**
 * What an account has spent and what it has left.
 *
 * <p>Costs are \( \mu^2 \) of Gaussian differential privacy: one Gaussian release with noise
 * multiplier \( z \) costs \( 1/z^2 \), and costs add up. Spent values are rounded up and what is
 * left is rounded down. Epsilons are those of the exact Gaussian curve at the account's delta.
 *
 * @param account the terms
 * @param filter name of the privacy filter that decides
 * @param limit the filter's limit
 * @param committed cost of the releases whose output is recorded
 * @param outstanding cost of the reservations that were neither committed nor released; spent as
 *     well
 * @param remaining what is left
 * @param epsilonSpent epsilon, at the account's delta, of committed and outstanding together
 * @param epsilonRemaining epsilon, at the account's delta, of a run that spends all that is left
 *     and is looked at alone; epsilons do not add up to the budget
 * @param commits number of committed releases
 * @param reservationsOutstanding number of outstanding reservations
 * @param closed true if no further reservation is accepted
 * @param head the ledger's newest entry
 */
public record BudgetStatus(
    BudgetAccount account,
    String filter,
    double limit,
    double committed,
    double outstanding,
    double remaining,
    double epsilonSpent,
    double epsilonRemaining,
    long commits,
    long reservationsOutstanding,
    boolean closed,
    LedgerHead head) {}
