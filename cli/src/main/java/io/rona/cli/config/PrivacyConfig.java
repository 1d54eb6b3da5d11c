package io.rona.cli.config;

import io.rona.privacy.Adjacency;
import io.rona.privacy.PrivacyParameters;

/**
 * What the run may spend, and where it is booked.
 *
 * @param parameters epsilon and delta that the run may spend
 * @param adjacency the neighboring relation
 * @param ledger where the ledger is
 * @param budget what all runs on the sensitive data set may spend together
 */
public record PrivacyConfig(
    PrivacyParameters parameters,
    Adjacency adjacency,
    LedgerLocation ledger,
    PrivacyParameters budget) {}
