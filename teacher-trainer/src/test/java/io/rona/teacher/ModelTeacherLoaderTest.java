package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.Progress;
import io.rona.query.testing.KerasFiles;
import io.rona.query.testing.TestImages;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ModelTeacherLoaderTest {
  private static final int SIDE = TestImages.SIDE;
  private static final int CLASSES = TestImages.CLASSES;
  private static final ModelTeacherSpec.Scores LOGITS = ModelTeacherSpec.Scores.LOGITS;
  private static final OnnxFiles.Form FORM = OnnxFiles.Form.images(SIDE, CLASSES);
  private static final PublicDataset POOL = TestImages.drawPublic(30, 2);
  private static final ExampleSet NONE = POOL.examples().subset();

  @TempDir private Path folder = Path.of("");

  private static SensitiveDataset sensitive() {
    return SensitiveDataset.of(
        SensitiveDeclaration.ofRecords("ward", 1000),
        TestImages.draw(20, 1),
        "0123456789abcdef".getBytes(UTF_8));
  }

  private static ModelTeacherSpec spec(
      List<Path> files, Optional<String> input, String output, ModelTeacherSpec.Scores scores) {
    return new ModelTeacherSpec(
        files, input, output, scores, new PublicOnlySpec(new BackboneSpec.Standardized(), 1, 3));
  }

  private TeacherEnsemble load(ModelTeacherSpec spec) throws IOException {
    return load(spec, "store");
  }

  private TeacherEnsemble load(ModelTeacherSpec spec, String store) throws IOException {
    return new ModelTeacherLoader(spec, new EnsembleStore(folder.resolve(store)), Progress.NONE)
        .load(new TeachingData(sensitive(), POOL, NONE));
  }

  private List<Path> files(List<INDArray> heads) throws IOException {
    List<Path> files = new ArrayList<>();
    for (INDArray head : heads) {
      Path file = folder.resolve("teacher-" + files.size() + ".onnx");
      files.add(OnnxFiles.write(file, head, FORM));
    }
    return files;
  }

  private String failure(Path file, String output, ModelTeacherSpec.Scores scores) {
    DataException error =
        assertThrows(
            DataException.class, () -> load(spec(List.of(file), Optional.empty(), output, scores)));
    assertEquals(file.toString(), error.file());
    assertFalse(Files.exists(folder.resolve("store/backbone")), "refused before any training");
    return error.rule();
  }

  private String failure(INDArray head, OnnxFiles.Form form) throws IOException {
    Path file = OnnxFiles.write(folder.resolve("bad.onnx"), head, form);
    return failure(file, "scores", ModelTeacherSpec.Scores.LOGITS);
  }

  private static INDArray head(long seed) {
    return TestEnsembles.head(new SplittableRandom(seed), 0.3);
  }

  /** The same teachers as heads and as files must give the same bounded answers. */
  @ParameterizedTest
  @EnumSource(ModelTeacherSpec.Scores.class)
  void load_linearModels_answerAsTheirHeadsDo(ModelTeacherSpec.Scores scores) throws IOException {
    List<INDArray> heads = TestEnsembles.heads(53, new SplittableRandom(4));
    String output = scores == ModelTeacherSpec.Scores.LOGITS ? "scores" : "shares";
    TeacherEnsemble brought = load(spec(files(heads), Optional.empty(), output, scores));
    TeacherEnsemble trained = TestEnsembles.of("heads", heads, false);

    INDArray inputs = POOL.examples().features();
    for (AnswerRule rule : List.of(new AnswerRule(false, 1), new AnswerRule(true, 1))) {
      BoundedAnswers mine =
          new AnswerAggregator(brought, Adjacency.ADD_REMOVE).targets(inputs, rule);
      BoundedAnswers theirs =
          new AnswerAggregator(trained, Adjacency.ADD_REMOVE).targets(inputs, rule);
      assertEquals(theirs.l2Sensitivity(), mine.l2Sensitivity());
      for (int row = 0; row < POOL.size(); row++) {
        assertArrayEquals(theirs.rows()[row], mine.rows()[row], 1e-5, "row " + row);
      }
    }
    long parameters = (SIDE * SIDE + 1L) * CLASSES;
    assertEquals(parameters, brought.teacherParameterCount());
    assertEquals(53 * parameters, brought.parameterCount());
  }

  /** One model's file changes one answer of the mean, and no more than the bound says. */
  @Test
  void load_oneOtherModel_movesTheMeanWithinTheBound() throws IOException {
    List<INDArray> heads = new ArrayList<>(TestEnsembles.heads(5, new SplittableRandom(4)));
    ModelTeacherSpec spec =
        spec(files(heads), Optional.of("pixels"), "scores", ModelTeacherSpec.Scores.LOGITS);
    INDArray inputs = POOL.examples().features();
    AnswerRule rule = new AnswerRule(true, 1);
    BoundedAnswers before =
        new AnswerAggregator(load(spec), Adjacency.ADD_REMOVE).targets(inputs, rule);
    heads.set(2, TestEnsembles.alwaysClass(1, 1e6f));
    files(heads);
    BoundedAnswers after =
        new AnswerAggregator(load(spec, "other"), Adjacency.ADD_REMOVE).targets(inputs, rule);
    double largest = 0;
    for (int row = 0; row < POOL.size(); row++) {
      double squares = 0;
      for (int c = 0; c < CLASSES; c++) {
        squares += Math.pow(after.rows()[row][c] - before.rows()[row][c], 2);
      }
      largest = Math.max(largest, Math.sqrt(squares));
    }
    assertEquals(Math.sqrt(2) / 5, largest, 1e-9, "some vote changed");
    assertTrue(largest <= after.l2Sensitivity());
  }

  @Test
  void load_onceMore_isTheSameEnsembleAndAnotherModelIsRefused() throws IOException {
    List<Path> files = files(List.of(head(1), head(2)));
    ModelTeacherSpec spec = spec(files, Optional.empty(), "scores", ModelTeacherSpec.Scores.LOGITS);
    String id = load(spec).id();
    assertEquals(id, load(spec).id());
    OnnxFiles.write(files.get(1), head(3), FORM);
    assertThrows(IllegalStateException.class, () -> load(spec));
    assertNotEquals(id, load(spec, "other").id());
  }

  @Test
  void load_oneModelTwice_isRefused() throws IOException {
    List<Path> files = files(List.of(head(1), head(2), head(1)));
    DataException error =
        assertThrows(
            DataException.class,
            () -> load(spec(files, Optional.empty(), "scores", ModelTeacherSpec.Scores.LOGITS)));
    assertEquals(files.get(2).toString(), error.file());
    assertTrue(error.rule().contains("is the same model as"), error.rule());
  }

  @Test
  void load_flatAndSingleInputs_answerAlike() throws IOException {
    long[] classes = {-1, CLASSES};
    List<OnnxFiles.Form> forms =
        List.of(
            FORM,
            new OnnxFiles.Form(new long[] {-1, SIDE * SIDE}, classes),
            new OnnxFiles.Form(new long[] {1, 1, SIDE, SIDE}, new long[] {1, CLASSES}),
            new OnnxFiles.Form(new long[] {-1, 1, -1, -1}, classes));
    List<double[][]> answers = new ArrayList<>();
    for (OnnxFiles.Form form : forms) {
      Path file = OnnxFiles.write(folder.resolve("t" + answers.size() + ".onnx"), head(1), form);
      TeacherEnsemble ensemble =
          load(
              spec(List.of(file), Optional.empty(), "scores", ModelTeacherSpec.Scores.LOGITS),
              "store-" + answers.size());
      answers.add(
          new AnswerAggregator(ensemble, Adjacency.ADD_REMOVE)
              .targets(POOL.examples().features(), new AnswerRule(false, 1))
              .rows());
    }
    for (double[][] other : answers) {
      for (int row = 0; row < POOL.size(); row++) {
        assertArrayEquals(answers.get(0)[row], other[row], 1e-6);
      }
    }
  }

  /** The same linear map as an image of one channel, flattened by Keras. */
  private Path keras(String name, INDArray head) {
    float[][] rows = head.toFloatMatrix();
    float[] kernel = new float[SIDE * SIDE * CLASSES];
    for (int i = 0; i < SIDE * SIDE; i++) {
      System.arraycopy(rows[i], 0, kernel, i * CLASSES, CLASSES);
    }
    return KerasFiles.of("[null," + SIDE + "," + SIDE + ",1]")
        .layer("Flatten", "flat", "\"data_format\":\"channels_last\"")
        .dense("scores", CLASSES, "linear")
        .weight("scores", "kernel", kernel, (long) SIDE * SIDE, CLASSES)
        .weight("scores", "bias", rows[SIDE * SIDE], CLASSES)
        .write(folder.resolve(name));
  }

  @Test
  void load_modelsOfKeras_answerAsThoseOfOnnx() throws IOException {
    List<INDArray> heads = List.of(head(1), head(2), head(3));
    List<Path> onnx = files(heads);
    List<Path> mixed = List.of(keras("a.h5", head(1)), onnx.get(1), keras("c.hdf5", head(3)));
    TeacherEnsemble one = load(spec(onnx, Optional.empty(), "scores", LOGITS));
    TeacherEnsemble other = load(spec(mixed, Optional.empty(), "scores", LOGITS), "other");
    INDArray inputs = POOL.examples().features();
    AnswerRule rule = new AnswerRule(false, 1);
    double[][] expected =
        new AnswerAggregator(one, Adjacency.ADD_REMOVE).targets(inputs, rule).rows();
    double[][] answers =
        new AnswerAggregator(other, Adjacency.ADD_REMOVE).targets(inputs, rule).rows();
    for (int row = 0; row < POOL.size(); row++) {
      assertArrayEquals(expected[row], answers[row], 1e-5);
    }
    assertEquals(one.parameterCount(), other.parameterCount());
  }

  private void assertRefused(Path file, String output, String why) {
    String rule = failure(file, output, LOGITS);
    assertTrue(rule.contains(why), rule);
  }

  @Test
  void load_badModelOfKeras_isRefusedByName() throws IOException {
    Path broken = keras("nan.h5", TestEnsembles.constant(Float.NaN));
    assertRefused(broken, "scores", "must be finite");
    Path good = keras("good.h5", head(1));
    assertRefused(good, "logits", "its last layer is scores");
    Path wide =
        KerasFiles.of("[null," + SIDE + "," + (SIDE + 1) + ",1]")
            .layer("Flatten", "flat", "\"data_format\":\"channels_last\"")
            .dense("scores", CLASSES, "linear")
            .weight(
                "scores",
                "kernel",
                new float[SIDE * (SIDE + 1) * CLASSES],
                SIDE * (SIDE + 1L),
                CLASSES)
            .weight("scores", "bias", new float[CLASSES], CLASSES)
            .write(folder.resolve("wide.h5"));
    assertRefused(wide, "scores", "must take examples");
    Path text = Files.writeString(folder.resolve("text.h5"), "no model");
    assertRefused(text, "scores", "must be an ONNX or Keras model");
  }

  @Test
  void load_otherShapes_areRefusedByName() throws IOException {
    String free = failure(head(1), new OnnxFiles.Form(FORM.input(), new long[] {-1, -1}));
    assertTrue(
        free.contains("output scores must declare one score") && free.contains("free"), free);
    OnnxFiles.Form narrow =
        new OnnxFiles.Form(new long[] {-1, 1, SIDE, SIDE + 1}, new long[] {-1, CLASSES});
    String input = failure(TestEnsembles.constant(1), narrow);
    assertTrue(input.contains("ONNX") || input.contains("must take examples"), input);
    String batch =
        failure(
            head(1), new OnnxFiles.Form(new long[] {7, 1, SIDE, SIDE}, new long[] {7, CLASSES}));
    assertTrue(batch.contains("any number or one at a time"), batch);
  }

  @Test
  void load_otherNumberOfClasses_isRefused() throws IOException {
    INDArray wide = Nd4j.ones(SIDE * SIDE + 1, CLASSES + 1).castTo(head(1).dataType());
    String rule = failure(wide, new OnnxFiles.Form(FORM.input(), new long[] {-1, CLASSES + 1}));
    assertTrue(rule.contains("for each of the 4 classes, but has the shape [-1, 5]"), rule);
  }

  @Test
  void load_notFinite_isRefusedBeforeAnythingIsSpent() throws IOException {
    assertTrue(failure(TestEnsembles.constant(Float.NaN), FORM).contains("must be finite"));
    assertTrue(failure(TestEnsembles.constant(1e38f), FORM).contains("must be finite"));
  }

  @Test
  void load_logitsDeclaredProbabilities_isRefused() throws IOException {
    Path file = files(List.of(head(1))).get(0);
    String rule = failure(file, "scores", ModelTeacherSpec.Scores.PROBABILITIES);
    assertTrue(rule.contains("probabilities that sum to 1"), rule);
  }

  @Test
  void load_missingFileOutputOrInput_isRefusedByName() throws IOException {
    Path missing = folder.resolve("none.onnx");
    assertEquals("does not exist", failure(missing, "scores", ModelTeacherSpec.Scores.LOGITS));
    Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
    assertTrue(
        failure(text, "scores", ModelTeacherSpec.Scores.LOGITS)
            .contains("must be an ONNX or Keras model"));
    Path file = files(List.of(head(1))).get(0);
    String output = failure(file, "logits", ModelTeacherSpec.Scores.LOGITS);
    assertTrue(output.contains("no output of 32-bit floating-point numbers named logits"), output);
    DataException error =
        assertThrows(
            DataException.class,
            () ->
                load(
                    spec(
                        List.of(file),
                        Optional.of("image"),
                        "scores",
                        ModelTeacherSpec.Scores.LOGITS)));
    assertTrue(error.rule().contains("named image"), error.rule());
  }
}
