package io.rona.query.data;

import java.util.Optional;

/**
 * The form that images are brought into.
 *
 * @param size height and width that every image is scaled to; if empty, all images must have one
 *     size
 * @param channels 3 for red, green and blue, 1 for gray; an image of the other kind is converted
 */
public record ImageForm(Optional<Size> size, int channels) {
  /** Largest height and width. */
  public static final int MAX_SIDE = 4096;

  /**
   * Height and width in pixels.
   *
   * @param height number of rows
   * @param width number of columns
   */
  public record Size(int height, int width) {
    /**
     * Checks the range.
     *
     * @param height number of rows
     * @param width number of columns
     * @throws IllegalArgumentException if one is not in 1..{@value #MAX_SIDE}
     */
    public Size {
      requireSide("height", height);
      requireSide("width", width);
    }

    private static void requireSide(String name, int side) {
      if (!(side >= 1 && side <= MAX_SIDE)) {
        throw new IllegalArgumentException(
            name + " must lie in 1.." + MAX_SIDE + ", but is " + side);
      }
    }

    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  /**
   * Checks the channels.
   *
   * @param size height and width, if images are scaled
   * @param channels 1 or 3
   * @throws IllegalArgumentException if there are other than 1 or 3 channels
   */
  public ImageForm {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("channels must be 1 or 3, but are " + channels);
    }
  }

  /**
   * Returns the form of color images of one size.
   *
   * @return no scaling, 3 channels
   */
  public static ImageForm color() {
    return new ImageForm(Optional.empty(), 3);
  }
}
