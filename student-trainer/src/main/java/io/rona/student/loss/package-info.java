/**
 * The family of distillation losses. Each gives its value and its exact gradient with respect to
 * the student's tensors and to the parameters of its own; the teacher is a constant.
 *
 * <p>Everything is computed in double precision on plain arrays, whatever the networks use, so one
 * implementation serves training and reference values. Start at {@link
 * io.rona.student.loss.Losses}; formulas and sources are in {@code docs/math/losses.md}.
 */
@NullMarked
package io.rona.student.loss;

import org.jspecify.annotations.NullMarked;
