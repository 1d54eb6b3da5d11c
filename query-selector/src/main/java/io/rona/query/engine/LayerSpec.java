package io.rona.query.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One layer of a {@link NetworkSpec}, in the short notation of the configuration.
 *
 * <ul>
 *   <li>{@code conv 5x5x32}: 5x5 convolution to 32 channels, stride 1, zero padding to the same
 *       size, rectified; {@code conv 5x5x32/2} has stride 2
 *   <li>{@code maxpool 2}, {@code avgpool 2}: pooling over 2x2 windows with stride 2
 *   <li>{@code dense 128}: fully connected to 128 units, rectified
 * </ul>
 */
public sealed interface LayerSpec {

  /**
   * A two-dimensional convolution followed by a rectifier.
   *
   * @param kernel side of the square kernel in pixels, at least 1
   * @param channels output channels, at least 1
   * @param stride step of the kernel in pixels, at least 1
   */
  record Convolution(int kernel, int channels, int stride) implements LayerSpec {
    /**
     * Checks the sizes.
     *
     * @param kernel side of the square kernel in pixels
     * @param channels output channels
     * @param stride step of the kernel in pixels
     * @throws IllegalArgumentException if a size is below 1
     */
    public Convolution {
      requirePositive("kernel", kernel);
      requirePositive("channels", channels);
      requirePositive("stride", stride);
    }

    @Override
    public LayerSpec widened(int factor) {
      return new Convolution(kernel, Math.multiplyExact(channels, factor), stride);
    }

    @Override
    public String notation() {
      return "conv " + kernel + "x" + kernel + "x" + channels + (stride == 1 ? "" : "/" + stride);
    }
  }

  /**
   * Pooling over disjoint square windows.
   *
   * @param window side of the window in pixels, at least 1
   * @param maximum true for the maximum of a window, false for its average
   */
  record Pooling(int window, boolean maximum) implements LayerSpec {
    /**
     * Checks the window.
     *
     * @param window side of the window in pixels
     * @param maximum true for the maximum of a window, false for its average
     * @throws IllegalArgumentException if the window is below 1
     */
    public Pooling {
      requirePositive("window", window);
    }

    @Override
    public LayerSpec widened(int factor) {
      return this;
    }

    @Override
    public String notation() {
      return (maximum ? "maxpool " : "avgpool ") + window;
    }
  }

  /**
   * A fully connected layer followed by a rectifier.
   *
   * @param units outputs, at least 1
   */
  record Dense(int units) implements LayerSpec {
    /**
     * Checks the size.
     *
     * @param units outputs
     * @throws IllegalArgumentException if there is no output
     */
    public Dense {
      requirePositive("units", units);
    }

    @Override
    public LayerSpec widened(int factor) {
      return new Dense(Math.multiplyExact(units, factor));
    }

    @Override
    public String notation() {
      return "dense " + units;
    }
  }

  /**
   * Returns a layer of the same kind with more channels or units; pooling has none of its own.
   *
   * @param factor how many times as many, at least 1
   * @return the wider layer
   * @throws ArithmeticException if they are more than 32 bits can count
   */
  LayerSpec widened(int factor);

  /**
   * Returns the layer in the notation that {@link #parse} reads.
   *
   * @return for example {@code conv 5x5x32}
   */
  String notation();

  /**
   * Reads one layer.
   *
   * @param text the notation, see the type's description
   * @return the layer
   * @throws IllegalArgumentException if the text is no layer
   */
  static LayerSpec parse(String text) {
    return Notation.parse(text);
  }

  /**
   * Reads a list of layers.
   *
   * @param texts one notation a layer
   * @return the layers in the same order
   * @throws IllegalArgumentException if a text is no layer
   */
  static List<LayerSpec> parseAll(List<String> texts) {
    return texts.stream().map(LayerSpec::parse).toList();
  }

  private static void requirePositive(String name, int value) {
    if (!(value >= 1)) {
      throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
    }
  }

  /** The reader of the notation. */
  final class Notation {
    private static final Pattern CONVOLUTION =
        Pattern.compile("conv ([1-9]\\d?)x([1-9]\\d?)x([1-9]\\d{0,4})(?:/([1-9]))?");
    private static final Pattern POOLING = Pattern.compile("(max|avg)pool ([1-9]\\d?)");
    private static final Pattern DENSE = Pattern.compile("dense ([1-9]\\d{0,5})");

    private Notation() {}

    private static LayerSpec parse(String text) {
      String trimmed = text.strip().toLowerCase(Locale.ROOT);
      Matcher matcher = CONVOLUTION.matcher(trimmed);
      if (matcher.matches()) {
        return convolution(text, matcher);
      }
      matcher = POOLING.matcher(trimmed);
      if (matcher.matches()) {
        return new Pooling(number(matcher.group(2)), matcher.group(1).equals("max"));
      }
      matcher = DENSE.matcher(trimmed);
      if (matcher.matches()) {
        return new Dense(number(matcher.group(1)));
      }
      throw new IllegalArgumentException(
          "a layer must be one of: conv 5x5x32, conv 5x5x32/2, maxpool 2, avgpool 2, dense 128;"
              + " but is: "
              + text);
    }

    private static LayerSpec convolution(String text, Matcher matcher) {
      int kernel = number(matcher.group(1));
      if (kernel != number(matcher.group(2))) {
        throw new IllegalArgumentException("a convolution's kernel must be square, but is " + text);
      }
      int stride = matcher.group(4) == null ? 1 : number(matcher.group(4));
      return new Convolution(kernel, number(matcher.group(3)), stride);
    }

    private static int number(String digits) {
      return Integer.parseInt(digits);
    }
  }
}
