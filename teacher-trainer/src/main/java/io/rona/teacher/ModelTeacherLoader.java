package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.privacy.Sha256;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.ledger.Receipt;
import io.rona.privacy.release.StepsRequest;
import io.rona.query.AdmittedModel;
import io.rona.query.data.DataException;
import io.rona.query.data.DataFile;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.RowRange;
import io.rona.query.engine.Progress;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes teachers of models that were trained elsewhere: an ensemble, or one that was trained with
 * differential privacy.
 *
 * <p><b>Privacy.</b> The answers of the ensemble are private only if each privacy unit was in the
 * training data of one model at most; those of a model that was trained with differential privacy,
 * only if its training was what is declared. Whoever brings the models declares that, and no
 * program can see it in a file. What can be seen is checked: no two files may be the same.
 * Everything is checked before anything is paid for: form, classes, and what each model says of
 * public examples.
 */
public final class ModelTeacherLoader {

  /** Public examples that each model is tried on. */
  private static final int TRIED = 16;

  private final ModelTeacherSpec spec;
  private final EnsembleStore store;
  private final Progress progress;

  /**
   * Prepares the loading.
   *
   * @param spec the models, and the public backbone beside them
   * @param store where the backbone and the ensemble's name are kept
   * @param progress hears of every model
   */
  public ModelTeacherLoader(ModelTeacherSpec spec, EnsembleStore store, Progress progress) {
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
   * @throws DataException if a file is missing, is no model of the declared form, has another
   *     number of classes, says what is not finite of a public example, or stands twice
   * @throws IOException if the store cannot be read or written
   * @throws IllegalStateException if the store holds another ensemble
   */
  public TeacherEnsemble load(TeachingData data) throws IOException {
    List<ModelTeacher> teachers = checked(data);
    requireDistinct(teachers);
    store.bind(out -> fingerprint("rona brought models 1", teachers, data, out));
    return new TeacherEnsemble(
        new TeacherEnsemble.Origin(store.ensembleId(), data.sensitive().keyedDigest()),
        publicOnly(data),
        new ModelTeachers(teachers, data.classes()));
  }

  /**
   * Checks the one model and pays for its training, as it is declared: once, however often the run
   * is stopped and taken up.
   *
   * @param data its sensitive records are those that the model was trained on
   * @param training what is declared of the training
   * @param release who pays; its noise multiplier and directory have no meaning here
   * @return the model, which may be asked everything
   * @throws DataException if model or statement are missing, the statement is empty, or the model
   *     is no model of the declared form, has another number of classes or says what is not finite
   *     of a public example
   * @throws IOException if the store cannot be read or written
   * @throws BudgetExceededException if the account refuses; nothing is trained then
   * @throws IllegalArgumentException if there is more than one model, or the account is of another
   *     data set
   * @throws IllegalStateException if the store holds another model
   */
  public AdmittedTeacher admit(
      TeachingData data, DeclaredTraining training, GradientRelease release) throws IOException {
    if (spec.files().size() != 1) {
      throw new IllegalArgumentException(
          "one model must be declared, but there are " + spec.files().size());
    }
    release.requireAccountOf(data);
    String statement = statement(training.statement());
    List<ModelTeacher> teachers = checked(data);
    store.bind(out -> fingerprint("rona admitted model 1 " + statement, teachers, data, out));
    ModelTeacher teacher = teachers.get(0);
    Receipt receipt =
        release.guard().admit(request(training, release, statement, teacher), teacher.digest());
    return new AdmittedTeacher(
        publicOnly(data), AdmittedModel.of(teacher.load(), training.steps(), receipt));
  }

  private static String statement(Path file) {
    byte[] content = DataFile.read(file);
    if (new String(content, UTF_8).isBlank()) {
      throw new DataException(file.toString(), "must say how the model was trained, but is empty");
    }
    return Sha256.of(content);
  }

  private static StepsRequest request(
      DeclaredTraining training, GradientRelease release, String statement, ModelTeacher teacher) {
    return new StepsRequest(
        release.account(),
        release.runId(),
        "training of a model outside of this program, by the statement of SHA-256 " + statement,
        Sha256.ofLines("rona admitted model 1", teacher.digest(), statement),
        training.steps(release.account().adjacency()));
  }

  private List<ModelTeacher> checked(TeachingData data) {
    List<ModelTeacher> teachers = new ArrayList<>();
    float[] tried = tried(data.open().examples());
    for (Path file : spec.files()) {
      ModelTeacher teacher =
          new ModelTeacher(
              new ModelTeacher.Source(file, Sha256.of(DataFile.read(file))),
              spec,
              data.sensitive().exampleShape(),
              data.classes());
      teachers.add(teacher.checked(tried));
      progress.update("models", teachers.size(), spec.files().size());
    }
    return teachers;
  }

  private PublicOnlyModel publicOnly(TeachingData data) throws IOException {
    return new PublicOnlyTrainer(spec.publicOnly(), store, progress).train(data);
  }

  private static float[] tried(ExampleSet open) {
    ExampleSet first = open.slice(RowRange.of(0, Math.min(TRIED, open.size())));
    float[] values = new float[first.size() * first.width()];
    for (int i = 0; i < first.size(); i++) {
      first.copyFeatures(i, values, i * first.width());
    }
    return values;
  }

  /** One model behind two names would let one unit reach two teachers. */
  private static void requireDistinct(List<ModelTeacher> teachers) {
    Map<String, Path> seen = new HashMap<>();
    for (ModelTeacher teacher : teachers) {
      Path other = seen.putIfAbsent(teacher.digest(), teacher.file());
      if (other != null) {
        throw new DataException(
            teacher.file().toString(),
            "is the same model as " + other + ", so their shards are not disjoint");
      }
    }
  }

  /** Everything an answer depends on: with another model the same query is another release. */
  private void fingerprint(
      String kind, List<ModelTeacher> teachers, TeachingData data, DataOutputStream out)
      throws IOException {
    out.writeUTF(kind);
    out.writeUTF(spec.output() + " " + spec.input().orElse("") + " " + spec.scores());
    out.writeUTF(spec.publicOnly().toString());
    out.writeUTF(data.sensitive().keyedDigest());
    out.writeUTF(data.publicDigest());
    for (ModelTeacher teacher : teachers) {
      out.writeUTF(teacher.digest());
    }
  }
}
