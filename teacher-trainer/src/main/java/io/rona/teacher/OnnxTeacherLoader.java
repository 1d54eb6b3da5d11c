package io.rona.teacher;

import io.rona.privacy.Sha256;
import io.rona.query.data.DataException;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.query.engine.OnnxModel;
import io.rona.query.engine.Progress;
import io.rona.teacher.data.SensitiveDataset;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/**
 * Makes an ensemble of models that were trained elsewhere.
 *
 * <p><b>Privacy.</b> The answers of the ensemble are private only if each privacy unit was in the
 * training data of one model at most; whoever brings the models declares that, and no program can
 * see it in a file. What can be seen is checked: no two files may be the same. Everything is
 * checked before an answer is paid for: form, classes, and what each model says of public examples.
 */
public final class OnnxTeacherLoader {

  /** Public examples that each model is tried on. */
  private static final int TRIED = 16;

  private final OnnxTeacherSpec spec;
  private final EnsembleStore store;
  private final Progress progress;

  /**
   * Prepares the loading.
   *
   * @param spec the models, and the public backbone beside them
   * @param store where the backbone and the ensemble's name are kept
   * @param progress hears of every model
   */
  public OnnxTeacherLoader(OnnxTeacherSpec spec, EnsembleStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Checks the models and puts them together.
   *
   * @param data its sensitive records are those that the models were trained on; their budget pays
   *     for answers
   * @return the ensemble, one teacher a file
   * @throws DataException if a file is missing, is no ONNX model of the declared form, has another
   *     number of classes, says what is not finite of a public example, or stands twice
   * @throws IOException if the store cannot be read or written
   * @throws IllegalStateException if the store holds another ensemble
   */
  public TeacherEnsemble load(TeachingData data) throws IOException {
    SensitiveDataset sensitive = data.sensitive();
    int classes = data.classes();
    int threads = Runtime.getRuntime().availableProcessors();
    List<String> digests = new ArrayList<>();
    List<OnnxTeacher> teachers = new ArrayList<>();
    List<Long> parameters = new ArrayList<>();
    float[] tried = tried(data.open().examples());
    for (Path file : spec.files()) {
      byte[] content = read(file);
      digests.add(Sha256.of(content));
      OnnxTeacher teacher = new OnnxTeacher(file, spec, sensitive.exampleShape(), classes);
      OnnxModel model = teacher.open(threads);
      try {
        teacher.requireSound(model, tried);
      } finally {
        teacher.close(model);
      }
      parameters.add(parameterCount(file, content));
      teachers.add(teacher);
      progress.update("models", teachers.size(), spec.files().size());
    }
    requireDistinct(digests);
    store.bind(out -> fingerprint(digests, data, out));
    PublicOnlyModel publicOnly =
        new PublicOnlyTrainer(spec.publicOnly(), store, progress).train(data);
    return new TeacherEnsemble(
        new TeacherEnsemble.Origin(store.ensembleId(), sensitive.keyedDigest()),
        publicOnly,
        new OnnxTeachers(
            teachers,
            parameters.get(0),
            parameters.stream().mapToLong(Long::longValue).sum(),
            classes,
            threads));
  }

  private static float[] tried(ExampleSet open) {
    ExampleSet first = open.slice(RowRange.of(0, Math.min(TRIED, open.size())));
    float[] values = new float[first.size() * first.width()];
    for (int i = 0; i < first.size(); i++) {
      first.copyFeatures(i, values, i * first.width());
    }
    return values;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file.toString(), "does not exist");
    } catch (IOException e) {
      throw new DataException(
          file.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** One model behind two names would let one unit reach two teachers. */
  private void requireDistinct(List<String> digests) {
    Map<String, Path> seen = new HashMap<>();
    for (int i = 0; i < digests.size(); i++) {
      Path file = spec.files().get(i);
      Path other = seen.putIfAbsent(digests.get(i), file);
      if (other != null) {
        throw new DataException(
            file.toString(),
            "is the same model as " + other + ", so their shards are not disjoint");
      }
    }
  }

  /** Everything an answer depends on: with another model the same query is another release. */
  private void fingerprint(List<String> digests, TeachingData data, DataOutputStream out)
      throws IOException {
    out.writeUTF("rona onnx teachers 1");
    out.writeUTF(spec.output() + " " + spec.input().orElse("") + " " + spec.scores());
    out.writeUTF(spec.publicOnly().toString());
    out.writeUTF(data.sensitive().keyedDigest());
    out.writeUTF(data.open().examples().featuresDigest());
    out.writeUTF(data.labeled().contentDigest());
    for (String digest : digests) {
      out.writeUTF(digest);
    }
  }

  /** Counts the numbers of the weights that stand in the file itself. */
  private static long parameterCount(Path file, byte[] content) {
    try {
      long count = 0;
      for (TensorProto tensor : ModelProto.parseFrom(content).getGraph().getInitializerList()) {
        count += tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
      }
      return count;
    } catch (IOException | ArithmeticException e) {
      throw new DataException(file.toString(), "must be an undamaged ONNX model");
    }
  }
}
