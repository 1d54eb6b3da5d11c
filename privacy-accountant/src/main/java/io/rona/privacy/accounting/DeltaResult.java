package io.rona.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The smallest delta found for an event, and which accountant found it.
 *
 * @param delta the tightest of the upper bounds, at most 1
 * @param accountant the one it came from: {@code gaussian-dp}, {@code pure-dp-composition}, {@code
 *     pld} or {@code rdp}
 * @param rdpDelta the upper bound of the moments accountant
 * @param pldLower the lower bound of the loss distribution accountant, where it can charge the
 *     event
 * @param pldUpper the upper bound of the loss distribution accountant, where it can charge the
 *     event
 */
public record DeltaResult(
    double delta,
    String accountant,
    OptionalDouble rdpDelta,
    OptionalDouble pldLower,
    OptionalDouble pldUpper) {}
