package io.rona.student.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.student.export.OnnxExport.Precision;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ONNX Runtime, which shares no code with Deeplearning4j, must answer as it does. */
final class OnnxExportTest {
  private static final int ROWS = 200;
  private static final int CLASSES = 5;

  @TempDir private Path folder = Path.of("");

  private static NetworkSpec spec(int channels, int height, int width, String layers) {
    return new NetworkSpec(
        channels, height, width, LayerSpec.parseAll(List.of(layers.split(", "))), CLASSES);
  }

  /** Biases are zero in a fresh network, which would hide a lost one. */
  private static Network network(NetworkSpec spec) {
    Network network = Network.create(spec, 7);
    SplittableRandom random = new SplittableRandom(8);
    INDArray weights = network.weights();
    float[] noise = new float[Math.toIntExact(weights.length())];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (0.05 * random.nextGaussian());
    }
    network.weights(weights.add(Nd4j.createFromArray(noise).reshape(1, noise.length)));
    return network;
  }

  private static INDArray inputs(NetworkSpec spec) {
    SplittableRandom random = new SplittableRandom(9);
    float[] values = new float[ROWS * spec.channels() * spec.height() * spec.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return Nd4j.createFromArray(values).reshape(ROWS, values.length / ROWS);
  }

  private static float[][] answers(Path file, NetworkSpec spec, INDArray inputs, String output)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {ROWS, spec.channels(), spec.height(), spec.width()};
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor tensor =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(inputs.ravel().toFloatVector()), shape);
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      return (float[][]) result.get(output).orElseThrow().getValue();
    }
  }

  @ParameterizedTest(name = "{0}x{1}x{2} {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1;28;28;conv 5x5x8/2, conv 5x5x16/2",
        "1;28;28;conv 5x5x6, maxpool 2, conv 3x3x8, maxpool 2, dense 20",
        "3;9;11;conv 4x4x5, avgpool 2, dense 12, dense 7",
        "3;9;11;conv 3x3x4/2, maxpool 3",
        "1;1;17;dense 16",
        "3;9;11;conv 3x3x4, group-norm 2, maxpool 2, group-norm 4, dense 12, group-norm 3",
        "6;1;1;group-norm 2, dense 5",
        "23;1;1;conv1d 4x5/2, group-norm 5, maxpool 3, conv1d 2x4, dense 6",
        "9;1;1;lstm 5, dense 4",
        "14;1;1;conv1d 3x4/2, gru 6",
        "14;1;1;conv1d 3x4, maxpool 2, lstm 3, group-norm 1, dense 6",
        "10;1;1;embed 2 of 1+4 6+3, dense 5",
        "3;9;11;residual 4/2 group-norm 2, residual 4 group-norm 4, avgpool 2"
      })
  void write_float32_answersAsTheNetwork(int channels, int height, int width, String layers)
      throws IOException, OrtException {
    NetworkSpec spec = spec(channels, height, width, layers);
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    Path file = folder.resolve("student.onnx");
    OnnxExport.write(network, Precision.FLOAT32, Map.of(), file);
    INDArray logits = network.logits(inputs);
    float[][] expected = logits.toFloatMatrix();
    float[][] probabilities = CrossEntropy.softmax(logits, 1).toFloatMatrix();
    float[][] answered = answers(file, spec, inputs, "logits");
    float[][] answeredProbabilities = answers(file, spec, inputs, "probabilities");
    for (int i = 0; i < ROWS; i++) {
      assertArrayEquals(expected[i], answered[i], 1e-4f);
      assertArrayEquals(probabilities[i], answeredProbabilities[i], 1e-4f);
    }
  }

  @ParameterizedTest(name = "{0}x{1}x{2} {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1;28;28;conv 5x5x16, maxpool 2, conv 5x5x32, maxpool 2, dense 64",
        "20;1;1;conv1d 5x16/2, lstm 128, dense 64",
        "20;1;1;gru 160, dense 64"
      })
  void write_int8Weights_isSmallAndNearlyTheSame(int channels, int height, int width, String layers)
      throws IOException, OrtException {
    NetworkSpec spec = spec(channels, height, width, layers);
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    Path whole = folder.resolve("student.onnx");
    Path small = folder.resolve("student-int8.onnx");
    OnnxExport.write(network, Precision.FLOAT32, Map.of(), whole);
    OnnxExport.write(network, Precision.INT8_WEIGHTS, Map.of(), small);
    assertTrue(
        Files.size(small) < 0.3 * Files.size(whole), () -> "bytes " + small.toFile().length());
    float[][] expected = network.logits(inputs).toFloatMatrix();
    float[][] answered = answers(small, spec, inputs, "logits");
    double error = 0;
    double signal = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int c = 0; c < CLASSES; c++) {
        error += Math.pow(answered[i][c] - expected[i][c], 2);
        signal += Math.pow(expected[i][c], 2);
      }
    }
    assertTrue(error < 1e-3 * signal, "relative error " + Math.sqrt(error / signal));
    assertTrue(error > 0, "weights were not rounded");
  }

  @Test
  void write_keepsTheMetadata() throws IOException, OrtException {
    Path file = folder.resolve("student.onnx");
    OnnxExport.write(
        network(spec(1, 4, 4, "dense 3")), Precision.FLOAT32, Map.of("labels", "[\"a\"]"), file);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      assertEquals(Map.of("labels", "[\"a\"]"), session.getMetadata().getCustomMetadata());
    }
    byte[] once = Files.readAllBytes(file);
    OnnxExport.write(
        network(spec(1, 4, 4, "dense 3")), Precision.FLOAT32, Map.of("labels", "[\"a\"]"), file);
    assertTrue(Arrays.equals(once, Files.readAllBytes(file)), "the same student, the same bytes");
  }

  @Test
  void agreement_ofTheNetworkItself_isWhole_ofAnother_isNot() throws IOException {
    NetworkSpec spec = spec(1, 28, 28, "conv 5x5x8/2, dense 16");
    Network network = network(spec);
    INDArray inputs = inputs(spec);
    Path file = folder.resolve("student.onnx");
    OnnxExport.write(network, Precision.FLOAT32, Map.of(), file);
    try (OnnxStudent student = OnnxStudent.open(file)) {
      assertEquals(1, student.agreement(network.logits(inputs), inputs));
      INDArray opposite = network.logits(inputs).neg();
      assertEquals(0, student.agreement(opposite, inputs));
      assertArrayEquals(
          network.logits(inputs).toFloatMatrix()[3],
          student.logits(inputs).toFloatMatrix()[3],
          1e-4f);
    }
  }

  @Test
  void open_notAModel_namesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.onnx"), "not a model");
    IOException error = assertThrows(IOException.class, () -> OnnxStudent.open(file));
    assertTrue(String.valueOf(error.getMessage()).startsWith(file.toString()), error::toString);
  }
}
