/**
 * The student: hint, distillation and self learning from public data and released knowledge only.
 *
 * <p>Everything here is post-processing of what the release guard let out; nothing in this package
 * can reach a teacher or a sensitive record.
 */
@NullMarked
package io.rona.student;

import org.jspecify.annotations.NullMarked;
