package io.rona.privacy.noise;

import java.math.BigInteger;

/**
 * A fraction that may be zero and need not be in lowest terms.
 *
 * @param numerator not negative
 * @param denominator positive
 */
record Fraction(BigInteger numerator, BigInteger denominator) {}
