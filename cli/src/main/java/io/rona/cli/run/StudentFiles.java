package io.rona.cli.run;

import io.rona.cli.run.RunSummary.OnnxFile;
import io.rona.privacy.certificate.BundleFiles;
import io.rona.privacy.certificate.BundleWriter;
import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.student.Student;
import io.rona.student.export.OnnxExport.Precision;
import io.rona.student.export.OnnxStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.ndarray.INDArray;
import tools.jackson.databind.json.JsonMapper;

/**
 * The student's files: for Deeplearning4j, and for ONNX Runtime, which needs nothing but its file.
 */
final class StudentFiles {

  static final String ZIP = "student.zip";
  static final String ONNX = "student.onnx";
  static final String ONNX_INT8 = "student-int8.onnx";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Below it, float32 arithmetic in another order is no explanation: the file is wrong. */
  private static final double LEAST_AGREEMENT = 0.999;

  private final Path folder;

  private StudentFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * All files.
   *
   * @param float32 as trained
   * @param int8 with weights of 8 bits
   */
  record Figures(OnnxFile float32, OnnxFile int8) {}

  /**
   * Writes the files; the same student gives the same ONNX bytes.
   *
   * @param folder where to; made if it is missing
   * @param student what is released
   * @param description goes into the ONNX files' metadata
   */
  static StudentFiles write(Path folder, Student student, StudentDescription description)
      throws IOException {
    Files.createDirectories(folder);
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("labels", JSON.writeValueAsString(description.labels()));
    metadata.put("preprocessing", JSON.writeValueAsString(description.preprocessing()));
    student.save(folder.resolve(ZIP));
    student.saveOnnx(folder.resolve(ONNX), Precision.FLOAT32, metadata);
    student.saveOnnx(folder.resolve(ONNX_INT8), Precision.INT8_WEIGHTS, metadata);
    return new StudentFiles(folder);
  }

  /**
   * Runs the ONNX files beside the student.
   *
   * @param student what the files must agree with
   * @param evaluation public evaluation data
   * @param timer times them
   * @return what was seen
   * @throws IllegalStateException if the float32 file answers as another model
   */
  Figures check(Student student, ExampleSet evaluation, InferenceTimer timer) throws IOException {
    INDArray one = evaluation.slice(RowRange.of(0, 1)).features();
    try (OnnxStudent whole = OnnxStudent.open(folder.resolve(ONNX));
        OnnxStudent small = OnnxStudent.open(folder.resolve(ONNX_INT8))) {
      double agreement = agreement(whole, student, evaluation);
      if (!(agreement >= LEAST_AGREEMENT)) {
        throw new IllegalStateException(
            "the exported student answers " + agreement + " of the evaluation data as the student");
      }
      InferenceTimer.Medians millis =
          timer.compare(() -> whole.logits(one).close(), () -> small.logits(one).close());
      return new Figures(
          new OnnxFile(Files.size(folder.resolve(ONNX)), agreement, millis.first()),
          new OnnxFile(
              Files.size(folder.resolve(ONNX_INT8)),
              agreement(small, student, evaluation),
              millis.second()));
    }
  }

  /** Share of examples whose largest score is at the same class in file and student. */
  private static double agreement(OnnxStudent file, Student student, ExampleSet evaluation)
      throws IOException {
    double agreeing = 0;
    for (ExampleSet block : ExampleBlocks.of(evaluation)) {
      INDArray inputs = block.features();
      agreeing += file.agreement(student.logits(inputs), inputs) * block.size();
    }
    return agreeing / evaluation.size();
  }

  /**
   * Copies the files into a bundle.
   *
   * @param bundle not sealed yet
   */
  void copyTo(BundleWriter bundle) throws IOException {
    for (String name : List.of(ZIP, ONNX, ONNX_INT8)) {
      Files.copy(
          folder.resolve(name),
          bundle.file(BundleFiles.STUDENT + "/" + name),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
