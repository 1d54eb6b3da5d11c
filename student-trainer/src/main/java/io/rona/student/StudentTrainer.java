package io.rona.student;

import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.ReleasedModel;
import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.Network;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import java.io.IOException;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * RONA's three phases (Wang et al., 2019) on released knowledge: hint, distillation, self learning;
 * before and after them, where asked for, phases on public labels alone. With a heavy auxiliary
 * student, that one goes through them, and the student learns from it.
 *
 * <p>The noised vectors of {@link ReleasedKnowledge} reach the weights: they are the targets, or
 * decide the targets, whose difference to the student's output is propagated back from outside.
 *
 * <p><b>Privacy.</b> Post-processing: nothing but public data, public features and released
 * knowledge comes in.
 */
public final class StudentTrainer {

  private final StudentSpec spec;
  private final StudentStore store;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param spec how the student is built and trained
   * @param store where the weights are kept after each phase and epoch
   * @param progress hears of every epoch
   */
  public StudentTrainer(StudentSpec spec, StudentStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Trains the student, or what a stopped run left of it.
   *
   * @param pool all public data
   * @param labels those of the pool's labels that are public
   * @param publicFeatures the feature map learned from public data
   * @param released noised answers to queries out of the pool
   * @return the student
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if the answers are to other queries than the pool's
   * @throws IllegalStateException if the store holds a student of another configuration, of other
   *     data or of another release
   */
  public Student train(
      PublicDataset pool,
      PublicLabels labels,
      FeatureMap publicFeatures,
      ReleasedKnowledge released)
      throws IOException {
    requireFromPool(pool.examples(), released.batch());
    return train(pool, Teachings.of(labels, released), publicFeatures);
  }

  /**
   * Trains the student on what a released model says of every pool example, or what a stopped run
   * left of it.
   *
   * @param pool all public data
   * @param labels those of the pool's labels that are public
   * @param publicFeatures the feature map learned from public data
   * @param model learned from released gradients; asking it costs nothing
   * @return the student
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalStateException if the store holds a student of another configuration, of other
   *     data or of another model
   */
  public Student train(
      PublicDataset pool, PublicLabels labels, FeatureMap publicFeatures, ReleasedModel model)
      throws IOException {
    return train(pool, Teachings.of(labels, model), publicFeatures);
  }

  /**
   * Trains the student step by step against the teachers, or what a stopped run left of it: in the
   * distillation phase its outputs go to the oracle, and the noised gradient of its loss comes
   * back. Public labels are learned before; self learning follows the student's own beliefs.
   *
   * @param pool all public data
   * @param labels those of the pool's labels that are public
   * @param publicFeatures the feature map learned from public data
   * @param steps what is asked, of whom
   * @return the student
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if the queries are of another pool
   * @throws IllegalStateException if the store holds a student of another configuration, of other
   *     data or of other teachers
   * @throws io.rona.privacy.ledger.BudgetExceededException if the budget does not suffice
   */
  public Student train(
      PublicDataset pool, PublicLabels labels, FeatureMap publicFeatures, StepByStep steps)
      throws IOException {
    requireFromPool(pool.examples(), steps.queries());
    return train(pool, Teachings.of(labels, steps), publicFeatures);
  }

  /**
   * A distillation step by step.
   *
   * @param queries public inputs that are asked anew in each epoch
   * @param classes number of classes, at least 2
   * @param oracle gives the noised gradients
   */
  public record StepByStep(QueryBatch queries, int classes, GradientOracle oracle) {}

  /**
   * Trains the student that public data alone give: the same phases without an answer. What a
   * release has bought is the difference to this one.
   *
   * @param pool all public data
   * @param labels those of the pool's labels that are public; at least one
   * @param classes number of classes, at least 2
   * @param publicFeatures the feature map learned from public data
   * @return the student
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if there is no public label
   * @throws IllegalStateException if the store holds a student of another configuration or of other
   *     data
   */
  public Student trainOnPublicData(
      PublicDataset pool, PublicLabels labels, int classes, FeatureMap publicFeatures)
      throws IOException {
    if (!labels.any()) {
      throw new IllegalArgumentException("public labels must be there, since nothing else teaches");
    }
    return train(pool, Teachings.ofLabels(labels, classes), publicFeatures);
  }

  private Student train(PublicDataset pool, Teachings teachings, FeatureMap publicFeatures)
      throws IOException {
    if (spec.phases().needLabels() && !teachings.labels().any()) {
      throw new IllegalArgumentException(
          "public labels must be there for pretraining and fine-tuning, but are not");
    }
    String training =
        store.bind(
            out -> {
              out.writeUTF("rona student 5");
              out.writeUTF(spec.toString());
              out.writeUTF(pool.examples().featuresDigest());
              out.writeUTF(pool.examples().columnsDigest());
              teachings.writeTo(out);
              publicFeatures.write(out);
            });
    INDArray features = ExampleBlocks.map(pool.examples(), publicFeatures::apply);
    Course.Lessons lessons =
        new Course.Lessons(pool.examples(), spec.inputs().in(pool.examples()), features, teachings);
    PhaseRunner runner = new PhaseRunner(store, spec.seed(), progress);
    return spec.auxiliary().isPresent()
        ? trainThrough(spec.auxiliary().get(), lessons, runner, training)
        : new Student(course(lessons, runner).train(spec.layers(), training));
  }

  private Course course(Course.Lessons lessons, PhaseRunner runner) {
    return new Course(spec.phases(), lessons, spec.seed(), runner);
  }

  /** The heavy student learns, and the light one from it. */
  private Student trainThrough(
      StudentSpec.Auxiliary auxiliary, Course.Lessons lessons, PhaseRunner runner, String training)
      throws IOException {
    Network heavy =
        course(lessons, runner.of("auxiliary")).train(auxiliary.layers(spec.layers()), training);
    Network light =
        new AuxiliaryTransfer(auxiliary, lessons.inputs(), heavy)
            .train(lessons.network(spec.layers()), spec.seed(), runner);
    return new Student(light, new Student(heavy));
  }

  /** A query of another pool would teach its answer to whatever stands at its place in this one. */
  private static void requireFromPool(ExampleSet pool, QueryBatch batch) {
    int[] indices = batch.poolIndices();
    boolean inside = Arrays.stream(indices).allMatch(index -> index < pool.size());
    if (!inside
        || !QueryBatch.of(new PublicDataset("pool", pool), indices)
            .digest()
            .equals(batch.digest())) {
      throw new IllegalArgumentException(
          "answered queries must be examples of the pool, but are of another one");
    }
  }
}
