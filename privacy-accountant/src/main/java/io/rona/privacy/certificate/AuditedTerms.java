package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;

/**
 * What the ledger registered about a data set.
 *
 * @param dataset its name
 * @param keyedDigest keyed digest of its contents
 * @param adjacency the neighboring relation
 * @param privacyUnit what one unit is
 * @param declaredUnits the declared number of units
 * @param epsilon epsilon of the budget
 * @param delta delta of the budget
 */
record AuditedTerms(
    String dataset,
    String keyedDigest,
    Adjacency adjacency,
    String privacyUnit,
    long declaredUnits,
    double epsilon,
    double delta) {}
