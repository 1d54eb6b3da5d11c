package io.rona.privacy.accounting;

import java.util.OptionalDouble;

/**
 * The smallest epsilon found for an event, and which accountant found it.
 *
 * @param epsilon the tightest of the upper bounds, in nats; possibly positive infinity
 * @param accountant the one it came from: {@code gaussian-dp}, {@code pure-dp-composition}, {@code
 *     pld} or {@code rdp}
 * @param rdpEpsilon the upper bound of the moments accountant
 * @param pldLower the lower bound of the loss distribution accountant, where it can charge the
 *     event
 * @param pldUpper the upper bound of the loss distribution accountant, where it can charge the
 *     event
 */
public record EpsilonResult(
    double epsilon,
    String accountant,
    OptionalDouble rdpEpsilon,
    OptionalDouble pldLower,
    OptionalDouble pldUpper) {}
