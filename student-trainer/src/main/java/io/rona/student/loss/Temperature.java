package io.rona.student.loss;

/**
 * The softmax temperature of a loss, and whether the loss is multiplied by its square.
 *
 * <p>Gradients of a softened loss shrink like \( 1/\tau^2 \); the factor keeps their size (Hinton,
 * Vinyals and Dean, 2015, section 2). Published code does and does not apply it, so it is always
 * said here.
 *
 * @param value \( \tau \), greater than 0
 * @param timesSquare true to multiply loss and gradient by \( \tau^2 \)
 */
public record Temperature(double value, boolean timesSquare) {
  /** No softening. */
  public static final Temperature ONE = new Temperature(1, false);

  /**
   * Checks the range.
   *
   * @param value \( \tau \)
   * @param timesSquare true to multiply by \( \tau^2 \)
   * @throws IllegalArgumentException if the temperature is not a number greater than 0
   */
  public Temperature {
    requirePositive(value);
  }

  /**
   * Softens without the factor.
   *
   * @param value \( \tau \), greater than 0
   * @return the temperature
   */
  public static Temperature of(double value) {
    return new Temperature(value, false);
  }

  /**
   * Softens with the factor \( \tau^2 \).
   *
   * @param value \( \tau \), greater than 0
   * @return the temperature
   */
  public static Temperature scaled(double value) {
    return new Temperature(value, true);
  }

  static void requirePositive(double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("temperature must be greater than 0, but is " + value);
    }
  }
}
