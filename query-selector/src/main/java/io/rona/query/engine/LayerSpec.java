package io.rona.query.engine;

import io.rona.query.data.Indicators;
import io.rona.query.engine.LayerShape.Form;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One layer of a {@link NetworkSpec}, in the short notation of the configuration.
 *
 * <ul>
 *   <li>{@code conv 5x5x32}: 5x5 convolution to 32 channels, stride 1, zero padding to the same
 *       size, rectified; {@code conv 5x5x32/2} has stride 2
 *   <li>{@code conv1d 5x32}: convolution over 5 places of a series to 32 channels, padded to the
 *       same length, rectified; {@code conv1d 5x32/2} has stride 2
 *   <li>{@code lstm 32}, {@code gru 32}: recurrent layer of 32 units over a series; hands on its
 *       state behind the last place
 *   <li>{@code maxpool 2}, {@code avgpool 2}: pooling over 2x2 windows of an image with stride 2,
 *       or over 2 places of a series
 *   <li>{@code dense 128}: fully connected to 128 units, rectified
 *   <li>{@code embed 4}: each categorical column of a table with more than 4 categories becomes 4
 *       numbers; first layer only
 *   <li>{@code group-norm 8}: normalizes eight groups of channels within each example; a
 *       convolution or dense layer directly before it is rectified behind it
 *   <li>{@code residual 64 group-norm 8}: two 3x3 convolutions to 64 channels, each normalized in
 *       eight groups, around which the input is added; {@code residual 64/2 group-norm 8} has
 *       stride 2
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
    public LayerShape outputShape(LayerShape input) {
      return input.requireForm(Form.IMAGE).behind(window(), channels);
    }

    /**
     * Returns the kernel and its steps.
     *
     * @return a square
     */
    public Window window() {
      return Window.square(kernel, stride);
    }

    @Override
    public String notation() {
      return "conv " + kernel + "x" + kernel + "x" + channels + (stride == 1 ? "" : "/" + stride);
    }
  }

  /**
   * A convolution along a series followed by a rectifier. As a network's first layer it reads the
   * columns of a table as one series of one channel, in their order.
   *
   * @param kernel places the kernel covers, at least 1
   * @param channels output channels, at least 1
   * @param stride step of the kernel in places, at least 1
   */
  record SeriesConvolution(int kernel, int channels, int stride) implements LayerSpec {
    /**
     * Checks the sizes.
     *
     * @param kernel places the kernel covers
     * @param channels output channels
     * @param stride step of the kernel in places
     * @throws IllegalArgumentException if a size is below 1
     */
    public SeriesConvolution {
      requirePositive("kernel", kernel);
      requirePositive("channels", channels);
      requirePositive("stride", stride);
    }

    @Override
    public LayerShape outputShape(LayerShape input) {
      return input.requireForm(Form.SERIES).behind(window(), channels);
    }

    /**
     * Returns the kernel and its steps.
     *
     * @return a stretch
     */
    public Window window() {
      return Window.along(kernel, stride);
    }

    @Override
    public LayerSpec widened(int factor) {
      return new SeriesConvolution(kernel, Math.multiplyExact(channels, factor), stride);
    }

    @Override
    public String notation() {
      return "conv1d " + kernel + "x" + channels + (stride == 1 ? "" : "/" + stride);
    }
  }

  /**
   * A recurrent layer over a series, from its first place to its last, which hands on the state
   * behind the last place. As a network's first layer it reads the columns of a table as one series
   * of one channel, in their order.
   *
   * @param cell how it goes from one place to the next
   * @param units entries of the state, at least 1
   */
  record Recurrent(RecurrentCell cell, int units) implements LayerSpec {
    /**
     * Checks the size.
     *
     * @param cell how it goes from one place to the next
     * @param units entries of the state
     * @throws IllegalArgumentException if there is no unit
     */
    public Recurrent {
      requirePositive("units", units);
    }

    @Override
    public LayerShape outputShape(LayerShape input) {
      input.requireForm(Form.SERIES);
      return LayerShape.values(units);
    }

    @Override
    public LayerSpec widened(int factor) {
      return new Recurrent(cell, Math.multiplyExact(units, factor));
    }

    @Override
    public String notation() {
      return cell.name().toLowerCase(Locale.ROOT) + " " + units;
    }
  }

  /**
   * Pooling over disjoint windows.
   *
   * @param window side of the window in pixels, or places of a series, at least 1
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
    public LayerShape outputShape(LayerShape input) {
      return input.behind(over(input), input.channels());
    }

    /**
     * Returns the window and its steps.
     *
     * @param input what is pooled
     * @return a square on an image, a stretch on a series
     * @throws IllegalArgumentException if the input has no places
     */
    public Window over(LayerShape input) {
      if (input.form() == Form.SERIES) {
        return Window.along(window, window);
      }
      input.requireForm(Form.IMAGE);
      return Window.square(window, window);
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
    public LayerShape outputShape(LayerShape input) {
      return LayerShape.values(units);
    }

    @Override
    public String notation() {
      return "dense " + units;
    }
  }

  /**
   * Group normalization (Wu and He, 2018, Group Normalization, section 3): the values of each group
   * of channels of an example, over all places, are brought to mean 0 and variance 1, and every
   * channel then gets a scale and an offset that are learned. Examples do not mix, and nothing is
   * remembered between batches, so that it may stand where batch normalization may not.
   *
   * <p>A convolution or dense layer directly before it hands on its sums; they are rectified behind
   * the normalization. Elsewhere it rectifies nothing.
   *
   * @param groups number of groups of neighboring channels, at least 1; must divide the channels
   */
  record GroupNorm(int groups) implements LayerSpec {
    /** What is added to a variance before its root is taken, as in the article. */
    public static final float EPSILON = 1e-5f;

    /**
     * Checks the number.
     *
     * @param groups number of groups
     * @throws IllegalArgumentException if there is no group
     */
    public GroupNorm {
      requirePositive("groups", groups);
    }

    @Override
    public LayerShape outputShape(LayerShape input) {
      if (input.channels() % groups != 0) {
        throw new IllegalArgumentException(
            "its groups must divide the channels of " + input + ", but are " + groups);
      }
      if (input.size() / groups < 2) {
        throw new IllegalArgumentException(
            "each of its groups must have at least 2 values of "
                + input
                + ", but there are "
                + groups
                + " groups");
      }
      return input;
    }

    @Override
    public LayerSpec widened(int factor) {
      return this;
    }

    @Override
    public String notation() {
      return "group-norm " + groups;
    }
  }

  /**
   * Embeddings of categorical columns (Guo and Berkhahn, 2016, Entity Embeddings of Categorical
   * Variables, section III): each category of a column has a vector that is learned. Columns of no
   * more categories than a vector has entries stay as they are, and so do all other features.
   *
   * <p>As written in a configuration it has no columns yet; they come with the data ({@link
   * NetworkSpec#forExamples(io.rona.query.data.ExampleSet, List, int)}). Must be the first layer.
   *
   * @param dimension entries of a vector, at least 1
   * @param columns the columns that are embedded, from the first to the last
   */
  record Embedding(int dimension, List<Indicators> columns) implements LayerSpec {
    /**
     * Checks the sizes.
     *
     * @param dimension entries of a vector
     * @param columns the columns that are embedded
     * @throws IllegalArgumentException if the dimension is below 1, or columns overlap or have no
     *     more categories than the dimension
     */
    public Embedding {
      requirePositive("dimension", dimension);
      columns = List.copyOf(columns);
      int end = 0;
      for (Indicators column : columns) {
        if (!(column.first() >= end && column.count() > dimension)) {
          throw new IllegalArgumentException(
              "embedded columns must not overlap and must have more categories than "
                  + dimension
                  + ", but are "
                  + columns);
        }
        end = column.end();
      }
    }

    /**
     * Chooses the columns.
     *
     * @param all the categorical columns of the data
     * @return the same embedding of those with more categories than the dimension
     */
    public Embedding of(List<Indicators> all) {
      return new Embedding(
          dimension, all.stream().filter(column -> column.count() > dimension).toList());
    }

    @Override
    public LayerShape outputShape(LayerShape input) {
      input.requireForm(Form.VALUES);
      if (columns.isEmpty()) {
        throw new IllegalArgumentException(
            "its input must have a categorical column of more than "
                + dimension
                + " categories, but has none");
      }
      if (columns.get(columns.size() - 1).end() > input.channels()) {
        throw new IllegalArgumentException("its columns must lie within " + input);
      }
      int saved = columns.stream().mapToInt(column -> column.count() - dimension).sum();
      return LayerShape.values(input.channels() - saved);
    }

    @Override
    public LayerSpec widened(int factor) {
      return this;
    }

    @Override
    public String notation() {
      String places =
          columns.stream()
              .map(column -> column.first() + "+" + column.count())
              .collect(Collectors.joining(" "));
      return "embed " + dimension + (columns.isEmpty() ? "" : " of " + places);
    }
  }

  /**
   * A residual block (He et al., 2016, Deep Residual Learning for Image Recognition, section 3.2)
   * with group normalization: a 3x3 convolution, normalized and rectified, a second one,
   * normalized; the input is added, and the sum is rectified. Where the channels or the stride
   * change, a 1x1 convolution of the same stride brings the input to the new shape.
   *
   * @param channels output channels, at least 1
   * @param stride step of the first convolution in pixels, at least 1
   * @param groups groups of each normalization, at least 1; must divide the output channels
   */
  record Residual(int channels, int stride, int groups) implements LayerSpec {
    private static final int KERNEL = 3;

    /**
     * Checks the sizes.
     *
     * @param channels output channels
     * @param stride step of the first convolution in pixels
     * @param groups groups of each normalization
     * @throws IllegalArgumentException if a size is below 1
     */
    public Residual {
      requirePositive("channels", channels);
      requirePositive("stride", stride);
      requirePositive("groups", groups);
    }

    /**
     * Returns the first convolution.
     *
     * @return of the block's stride
     */
    public Convolution first() {
      return new Convolution(KERNEL, channels, stride);
    }

    /**
     * Returns the second convolution.
     *
     * @return of stride 1
     */
    public Convolution second() {
      return new Convolution(KERNEL, channels, 1);
    }

    /**
     * Returns what brings the input to the shape of the output.
     *
     * @param input what the block gets
     * @return a convolution; empty if the input has that shape
     */
    public Optional<Convolution> projection(LayerShape input) {
      return stride == 1 && input.channels() == channels
          ? Optional.empty()
          : Optional.of(new Convolution(1, channels, stride));
    }

    @Override
    public LayerShape outputShape(LayerShape input) {
      return new GroupNorm(groups).outputShape(first().outputShape(input));
    }

    @Override
    public LayerSpec widened(int factor) {
      return new Residual(Math.multiplyExact(channels, factor), stride, groups);
    }

    @Override
    public String notation() {
      return "residual " + channels + (stride == 1 ? "" : "/" + stride) + " group-norm " + groups;
    }
  }

  /**
   * Works out what the layer hands on.
   *
   * @param input what it gets for one example
   * @return what it makes of it
   * @throws IllegalArgumentException if the layer cannot read such an input; the message does not
   *     name the layer
   */
  LayerShape outputShape(LayerShape input);

  /**
   * Returns a layer of the same kind with more channels or units; some layers have none of their
   * own.
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
    return LayerNotation.parse(text);
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
}
