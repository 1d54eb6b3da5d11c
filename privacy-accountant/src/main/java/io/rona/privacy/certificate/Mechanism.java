package io.rona.privacy.certificate;

import io.rona.privacy.event.DpEvent;

/**
 * What was done to the sensitive data, and why its noise suffices.
 *
 * @param name the mechanism in the field's words
 * @param events everything the release did to the sensitive data
 * @param l2Sensitivity how far one privacy unit can move one released vector, in the L2 norm
 * @param sensitivity why it can move it no further
 * @param noise how the noise is drawn
 */
public record Mechanism(
    String name, DpEvent events, double l2Sensitivity, String sensitivity, String noise) {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param name the mechanism
   * @param events everything the release did
   * @param l2Sensitivity the L2 sensitivity of one released vector; finite and greater than 0
   * @param sensitivity why it is no larger
   * @param noise how the noise is drawn
   * @throws IllegalArgumentException if a value is out of range or missing
   */
  public Mechanism {
    Texts.text("mechanism name", name);
    Texts.present("events", events);
    if (!(l2Sensitivity > 0 && l2Sensitivity < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "l2Sensitivity must be finite and greater than 0, but is " + l2Sensitivity);
    }
    Texts.text("sensitivity", sensitivity);
    Texts.text("noise", noise);
  }
}
