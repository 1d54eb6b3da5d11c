package io.rona.query.engine;

/**
 * What a layer hands on for one example.
 *
 * @param form how its values are arranged
 * @param channels values at each place, at least 1
 * @param height rows of places, at least 1; 1 unless the form is an image
 * @param width places in a row, such as the length of a series, at least 1; 1 for values without a
 *     place
 */
public record LayerShape(Form form, int channels, int height, int width) {

  /** How the values of an example are arranged. */
  public enum Form {
    /** Channels without a place, such as the columns of a table. */
    VALUES,
    /** Channels at places in a row, such as measurements over time. */
    SERIES,
    /** Channels over rows and columns of pixels. */
    IMAGE
  }

  /**
   * Checks the sizes.
   *
   * @param form how its values are arranged
   * @param channels values at each place
   * @param height rows of places
   * @param width places in a row
   * @throws IllegalArgumentException if a size is below 1, values have places, or a series has
   *     several rows of them
   */
  public LayerShape {
    if (!(channels >= 1 && height >= 1 && width >= 1)) {
      throw new IllegalArgumentException(
          "input shape must be at least 1 x 1 x 1, but is "
              + channels
              + " x "
              + height
              + " x "
              + width);
    }
    if (form == Form.VALUES && !(height == 1 && width == 1)) {
      throw new IllegalArgumentException(
          "values must have no place, but are " + height + " x " + width);
    }
    if (form == Form.SERIES && height != 1) {
      throw new IllegalArgumentException("a series must have one row, but has " + height);
    }
  }

  static LayerShape values(int count) {
    return new LayerShape(Form.VALUES, count, 1, 1);
  }

  static LayerShape series(int channels, int length) {
    return new LayerShape(Form.SERIES, channels, 1, length);
  }

  static LayerShape image(int channels, int height, int width) {
    return new LayerShape(Form.IMAGE, channels, height, width);
  }

  /**
   * Counts the values of one example.
   *
   * @return channels times height times width
   */
  public long size() {
    return (long) channels * height * width;
  }

  /** Counts the places of a channel. */
  int places() {
    return height * width;
  }

  /** Returns the shape behind a window's steps. */
  LayerShape behind(Window window, int newChannels) {
    return new LayerShape(
        form, newChannels, ceil(height, window.down()), ceil(width, window.across()));
  }

  private static int ceil(int size, int stride) {
    return (size + stride - 1) / stride;
  }

  LayerShape requireForm(Form wanted) {
    if (form != wanted) {
      throw new IllegalArgumentException(
          "its input must be " + described(wanted) + ", but is " + this);
    }
    return this;
  }

  private static String described(Form form) {
    return switch (form) {
      case VALUES -> "values";
      case SERIES -> "a series";
      case IMAGE -> "an image";
    };
  }

  /**
   * Writes the shape for people.
   *
   * @return for example {@code 14 values}, {@code a series of 8 x 50}, or {@code an image of 8 x 28
   *     x 28}
   */
  @Override
  public String toString() {
    return switch (form) {
      case VALUES -> channels + " values";
      case SERIES -> "a series of " + channels + " x " + width;
      case IMAGE -> "an image of " + channels + " x " + height + " x " + width;
    };
  }
}
