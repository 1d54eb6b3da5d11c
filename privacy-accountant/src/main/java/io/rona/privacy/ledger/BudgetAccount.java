package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;

/**
 * The terms of one budget, fixed when it is registered.
 *
 * <p>All releases from the data set together stay \( (\varepsilon, \delta) \)-differentially
 * private for the stated unit and relation. The number of units is the one the curator declares;
 * under add-remove the true number is itself sensitive and stands nowhere in the ledger.
 *
 * @param dataset the sensitive data set
 * @param adjacency the neighboring relation
 * @param privacyUnit what one unit is, such as {@code record} or the name of an id column
 * @param declaredUnits the declared number of units; at least 1
 * @param budget the guarantee of all releases together; delta less than 1/declaredUnits
 */
public record BudgetAccount(
    SensitiveDataId dataset,
    Adjacency adjacency,
    String privacyUnit,
    long declaredUnits,
    PrivacyParameters budget) {
  /**
   * Checks the terms.
   *
   * @param dataset the sensitive data set
   * @param adjacency the neighboring relation
   * @param privacyUnit what one unit is
   * @param declaredUnits the declared number of units
   * @param budget the guarantee of all releases together
   * @throws IllegalArgumentException if a value is missing or out of range, or if delta is not less
   *     than 1/declaredUnits
   */
  public BudgetAccount {
    LedgerChecks.present("dataset", dataset);
    LedgerChecks.present("adjacency", adjacency);
    LedgerChecks.text("privacyUnit", privacyUnit);
    LedgerChecks.atLeastOne("declaredUnits", declaredUnits);
    LedgerChecks.present("budget", budget);
    // The product may round to 1 from below; then delta is refused, which is the safe side.
    if (!(budget.delta() * declaredUnits < 1)) {
      throw new IllegalArgumentException(
          "delta must be less than 1/declaredUnits = 1/"
              + declaredUnits
              + ", but is "
              + budget.delta());
    }
  }

  /**
   * Returns the name of this budget.
   *
   * @return data set and neighboring relation
   */
  public AccountKey key() {
    return new AccountKey(dataset, adjacency);
  }
}
