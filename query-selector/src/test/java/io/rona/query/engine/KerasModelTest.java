package io.rona.query.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.query.testing.KerasFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Imported models against Keras' definitions of their layers, worked out here in loops. */
final class KerasModelTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 9;
  private static final int CHANNELS = 2;
  private static final int FILTERS = 3;
  private static final int KERNEL_HEIGHT = 3;
  private static final int KERNEL_WIDTH = 2;
  private static final int CLASSES = 4;
  private static final String IMAGE = "[null,6,9,2]";

  @TempDir private Path folder = Path.of("");

  /** A convolution, a normalization, a pooling, a dense layer: their numbers and their sums. */
  private static final class Reference {
    private final SplittableRandom random;
    private final boolean same;
    private final int stride;
    private final boolean largest;
    private final int rows;
    private final int columns;
    private final float[] kernel;
    private final float[] bias;
    private final float[][] norm;
    private final float[] dense;
    private final float[] denseBias;

    Reference(long seed, boolean same, int stride, boolean largest) {
      this.random = new SplittableRandom(seed);
      this.same = same;
      this.stride = stride;
      this.largest = largest;
      this.rows = size(HEIGHT, KERNEL_HEIGHT);
      this.columns = size(WIDTH, KERNEL_WIDTH);
      this.kernel = numbers(KERNEL_HEIGHT * KERNEL_WIDTH * CHANNELS * FILTERS, -1);
      this.bias = numbers(FILTERS, -1);
      this.norm =
          new float[][] {
            numbers(FILTERS, 0.5), numbers(FILTERS, -1), numbers(FILTERS, -1), numbers(FILTERS, 0.5)
          };
      this.dense = numbers(rows / 2 * (columns / 2) * FILTERS * CLASSES, -1);
      this.denseBias = numbers(CLASSES, -1);
    }

    private int size(int length, int window) {
      return same ? (length + stride - 1) / stride : (length - window) / stride + 1;
    }

    private float[] numbers(int count, double from) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextDouble(from, from + 1.5);
      }
      return numbers;
    }

    Path write(Path file) {
      String pooling = "\"pool_size\":[2,2],\"strides\":[2,2],\"padding\":\"valid\"," + LAST;
      return KerasFiles.of(IMAGE)
          .convolution("first", FILTERS, window())
          .weight("first", "kernel", kernel, KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, FILTERS)
          .weight("first", "bias", bias, FILTERS)
          .layer(
              "BatchNormalization",
              "norm",
              "\"axis\":[3],\"momentum\":0.99,\"epsilon\":0.001,\"center\":true,\"scale\":true,"
                  + "\"beta_initializer\":{\"class_name\":\"Zeros\",\"config\":{}},"
                  + "\"gamma_initializer\":{\"class_name\":\"Ones\",\"config\":{}},"
                  + "\"moving_mean_initializer\":{\"class_name\":\"Zeros\",\"config\":{}},"
                  + "\"moving_variance_initializer\":{\"class_name\":\"Ones\",\"config\":{}},"
                  + "\"beta_regularizer\":null,\"gamma_regularizer\":null,"
                  + "\"beta_constraint\":null,\"gamma_constraint\":null")
          .weight("norm", "gamma", norm[0], FILTERS)
          .weight("norm", "beta", norm[1], FILTERS)
          .weight("norm", "moving_mean", norm[2], FILTERS)
          .weight("norm", "moving_variance", norm[3], FILTERS)
          .layer("Activation", "bend", "\"activation\":\"tanh\"")
          .layer(largest ? "MaxPooling2D" : "AveragePooling2D", "pool", pooling)
          .layer("Dropout", "drop", "\"rate\":0.5,\"noise_shape\":null,\"seed\":null")
          .layer("Flatten", "flat", LAST)
          .dense("scores", CLASSES, "softmax")
          .weight("scores", "kernel", dense, dense.length / CLASSES, CLASSES)
          .weight("scores", "bias", denseBias, CLASSES)
          .write(file);
    }

    private String window() {
      return String.format(
          Locale.ROOT,
          "\"kernel_size\":[%d,%d],\"strides\":[%d,%d],\"padding\":\"%s\",%s",
          KERNEL_HEIGHT,
          KERNEL_WIDTH,
          stride,
          stride,
          same ? "same" : "valid",
          LAST);
    }

    /** Scores of one image whose channels come first. */
    float[] scores(float[] image, boolean channelsLastWhereFlat) {
      double[] sums = new double[CLASSES];
      for (int row = 0; row < rows / 2; row++) {
        for (int column = 0; column < columns / 2; column++) {
          for (int filter = 0; filter < FILTERS; filter++) {
            int last = (row * (columns / 2) + column) * FILTERS + filter;
            int first = (filter * (rows / 2) + row) * (columns / 2) + column;
            double value = pooled(image, row, column, filter);
            for (int c = 0; c < CLASSES; c++) {
              sums[c] += value * dense[(channelsLastWhereFlat ? last : first) * CLASSES + c];
            }
          }
        }
      }
      return softmax(sums);
    }

    private float[] softmax(double[] sums) {
      double total = 0;
      for (int c = 0; c < CLASSES; c++) {
        total += Math.exp(sums[c] + denseBias[c]);
      }
      float[] shares = new float[CLASSES];
      for (int c = 0; c < CLASSES; c++) {
        shares[c] = (float) (Math.exp(sums[c] + denseBias[c]) / total);
      }
      return shares;
    }

    private double pooled(float[] image, int row, int column, int filter) {
      double most = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
          double one = bent(image, 2 * row + i, 2 * column + j, filter);
          most = Math.max(most, one);
          sum += one;
        }
      }
      return largest ? most : sum / 4;
    }

    private double bent(float[] image, int row, int column, int filter) {
      double seen = Math.max(0, convolved(image, row, column, filter));
      double scale = norm[0][filter] / Math.sqrt(norm[3][filter] + 0.001);
      return Math.tanh((seen - norm[2][filter]) * scale + norm[1][filter]);
    }

    /** Where padding is odd, Keras puts one more row or column behind than before. */
    private double convolved(float[] image, int row, int column, int filter) {
      int above = same ? Math.max(0, (rows - 1) * stride + KERNEL_HEIGHT - HEIGHT) / 2 : 0;
      int left = same ? Math.max(0, (columns - 1) * stride + KERNEL_WIDTH - WIDTH) / 2 : 0;
      double sum = bias[filter];
      for (int i = 0; i < KERNEL_HEIGHT; i++) {
        for (int j = 0; j < KERNEL_WIDTH; j++) {
          int y = row * stride + i - above;
          int x = column * stride + j - left;
          for (int c = 0; c < CHANNELS && y >= 0 && x >= 0 && y < HEIGHT && x < WIDTH; c++) {
            float weight = kernel[((i * KERNEL_WIDTH + j) * CHANNELS + c) * FILTERS + filter];
            sum += weight * image[(c * HEIGHT + y) * WIDTH + x];
          }
        }
      }
      return sum;
    }
  }

  private static final String LAST = "\"data_format\":\"channels_last\"";

  static Stream<Arguments> references() {
    return Stream.of(
        Arguments.of(1, false, 1, true),
        Arguments.of(2, true, 1, false),
        Arguments.of(3, true, 2, true),
        Arguments.of(4, false, 2, false));
  }

  @ParameterizedTest(name = "seed {0}, padding same {1}, stride {2}, largest {3}")
  @MethodSource("references")
  void run_isWhatKerasDefines(long seed, boolean same, int stride, boolean largest)
      throws IOException {
    Reference reference = new Reference(seed, same, stride, largest);
    Path file = reference.write(folder.resolve("model.h5"));
    int length = CHANNELS * HEIGHT * WIDTH;
    float[] images = reference.numbers(3 * length, 0);
    try (TensorModel model = TensorModel.open(file, Optional.empty(), "scores", 1)) {
      assertArrayEquals(new long[] {-1, CHANNELS, HEIGHT, WIDTH}, model.inputShape());
      assertArrayEquals(new long[] {-1, CLASSES}, model.outputShape());
      float[] scores = model.run(images, 3, CHANNELS, HEIGHT, WIDTH);
      double other = 0;
      for (int n = 0; n < 3; n++) {
        float[] one = Arrays.copyOfRange(images, n * length, (n + 1) * length);
        float[] own = Arrays.copyOfRange(scores, n * CLASSES, (n + 1) * CLASSES);
        assertArrayEquals(reference.scores(one, true), own, 1e-5f);
        other = Math.max(other, Math.abs(reference.scores(one, false)[0] - own[0]));
      }
      assertTrue(other > 1e-3, "another order of the flattened values would not be seen");
      long weights = 36L + 3 + 12 + reference.dense.length + CLASSES;
      assertEquals(weights, model.parameterCount());
    }
  }

  @Test
  void run_flatModel_isAMatrixProduct() throws IOException {
    Path file =
        KerasFiles.of("[null,2]")
            .dense("logits", 2, "linear")
            .weight("logits", "kernel", new float[] {1, 2, 3, 4}, 2, 2)
            .weight("logits", "bias", new float[] {10, 20}, 2)
            .write(folder.resolve("flat.hdf5"));
    try (TensorModel model = TensorModel.open(file, Optional.empty(), "logits", 1)) {
      assertArrayEquals(new long[] {-1, 2}, model.inputShape());
      float[] sums = model.run(new float[] {1, 1, 0, 2}, 2, 2);
      assertArrayEquals(new float[] {14, 26, 16, 28}, sums, 1e-6f);
    }
  }

  private String refusal(Path file, Optional<String> input, String output) {
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> TensorModel.open(file, input, output, 1))
                .getMessage());
    assertTrue(message.startsWith(file + ": "), message);
    return message;
  }

  private static KerasFiles flat() {
    return KerasFiles.of("[null,2]")
        .dense("logits", 2, "linear")
        .weight("logits", "kernel", new float[] {1, 2, 3, 4}, 2, 2)
        .weight("logits", "bias", new float[] {10, 20}, 2);
  }

  private String refusal(KerasFiles model) {
    return refusal(model.write(folder.resolve("bad.h5")), Optional.empty(), "logits");
  }

  @Test
  void open_whatIsNoSequentialModelOfKeras2_isRefusedByName() throws IOException {
    assertTrue(refusal(flat().version("3.3.3")).contains("not saved by Keras 2"));
    assertTrue(refusal(flat().modelClass("Functional")).contains("no Sequential model"));
    Path text = Files.writeString(folder.resolve("text.h5"), "no model");
    assertTrue(refusal(text, Optional.empty(), "logits").contains("cannot be imported"));
    Path missing = folder.resolve("none.h5");
    assertTrue(refusal(missing, Optional.empty(), "logits").contains("cannot be imported"));
  }

  @Test
  void open_layersThatAreNotTaken_areRefusedByName() {
    String recurrent =
        refusal(flat().layer("LSTM", "memory", "\"units\":3").dense("logits", 2, ""));
    assertTrue(recurrent.contains("layer memory is of the kind LSTM"), recurrent);
    String first =
        refusal(
            KerasFiles.of("[null,2,6,9]")
                .layer("Flatten", "flat", "\"data_format\":\"channels_first\"")
                .dense("logits", 2, "linear"));
    assertTrue(first.contains("layer flat has data_format channels_first"), first);
    String free = refusal(KerasFiles.of("[null,null,9,2]").dense("logits", 2, "linear"));
    assertTrue(free.contains("an image of known size"), free);
    String weightless = refusal(KerasFiles.of("[null,2]").dense("logits", 2, "linear"));
    assertTrue(weightless.contains("cannot be imported"), weightless);
  }

  @Test
  void open_otherNames_areRefused() {
    Path file = flat().write(folder.resolve("good.h5"));
    assertTrue(refusal(file, Optional.empty(), "scores").contains("last layer is logits"));
    assertTrue(refusal(file, Optional.of("pixels"), "logits").contains("one input"));
  }
}
