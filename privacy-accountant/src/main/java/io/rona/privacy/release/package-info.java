/**
 * The only place where noise meets answers.
 *
 * <p>Order of every release: check everything, reserve the budget durably, draw the noise, hand
 * over the result, commit its digest.
 */
@NullMarked
package io.rona.privacy.release;

import org.jspecify.annotations.NullMarked;
