/**
 * What was done to the sensitive data, as values without arithmetic.
 *
 * <p>An event names a mechanism and its parameters. It does not know what it costs: accountants
 * read it through {@link io.rona.privacy.event.DpEventVisitor}, so that a new event breaks every
 * accountant at compile time instead of being charged nothing. Parameters are never removed nor
 * given a new meaning; a changed mechanism is a new event.
 */
@NullMarked
package io.rona.privacy.event;

import org.jspecify.annotations.NullMarked;
