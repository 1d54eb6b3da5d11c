/**
 * Secret randomness and the noise that mechanisms add: the exactly rounded Gaussian, the discrete
 * Gaussian and the discrete Laplace distribution.
 *
 * <p>Proofs and error bounds: {@code docs/math/noise.md}.
 */
@NullMarked
package io.rona.privacy.noise;

import org.jspecify.annotations.NullMarked;
