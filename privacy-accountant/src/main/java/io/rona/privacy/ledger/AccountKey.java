package io.rona.privacy.ledger;

import io.rona.privacy.Adjacency;

/**
 * Names one budget: a sensitive data set under one neighboring relation.
 *
 * @param dataset the sensitive data set
 * @param adjacency the neighboring relation
 */
public record AccountKey(SensitiveDataId dataset, Adjacency adjacency) {
  /**
   * Checks that both are present.
   *
   * @param dataset the sensitive data set
   * @param adjacency the neighboring relation
   * @throws IllegalArgumentException if one is missing
   */
  public AccountKey {
    LedgerChecks.present("dataset", dataset);
    LedgerChecks.present("adjacency", adjacency);
  }

  @Override
  public String toString() {
    return dataset.name() + " (" + adjacency.label() + ")";
  }
}
