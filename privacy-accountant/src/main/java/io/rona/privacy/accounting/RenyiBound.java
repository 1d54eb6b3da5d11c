package io.rona.privacy.accounting;

/**
 * What a R&eacute;nyi accountant found: the bound, and the order at which it was found.
 *
 * @param value epsilon or delta, from above
 * @param order the order of the R&eacute;nyi divergence that gave it
 */
public record RenyiBound(double value, double order) {}
