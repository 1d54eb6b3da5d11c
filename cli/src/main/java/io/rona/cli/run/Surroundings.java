package io.rona.cli.run;

import io.rona.cli.ledger.LedgerCredentials;
import io.rona.privacy.certificate.PassphraseSource;
import io.rona.privacy.noise.NoiseSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a run needs from the world, so that tests can give it another one.
 *
 * @param ronaHome directory of shared ledger and signing keys
 * @param clock tells the time of ledger entries and certificates
 * @param nanoTime measures durations
 * @param random secret randomness for keys
 * @param noise where the noise of answers comes from; decides whether the run is releasable
 * @param ledgerCredentials who asks for a ledger on a server
 * @param passphrase asked when the signing key stands under one
 * @param notices hears one line at a time of what the user should know
 */
public record Surroundings(
    Path ronaHome,
    Clock clock,
    LongSupplier nanoTime,
    SecureRandom random,
    NoiseSource noise,
    LedgerCredentials ledgerCredentials,
    PassphraseSource passphrase,
    Consumer<String> notices) {}
