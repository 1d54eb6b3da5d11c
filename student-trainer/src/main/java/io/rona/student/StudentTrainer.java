package io.rona.student;

import io.rona.privacy.ledger.Receipt;
import io.rona.query.GradientOracle;
import io.rona.query.QueryBatch;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.ReleasedModel;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.query.engine.Tap;
import io.rona.query.engine.TrainingSchedule;
import io.rona.query.features.FeatureMap;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * RONA's three phases (Wang et al., 2019) on released knowledge: hint, distillation, self learning.
 *
 * <p>The noised vectors of {@link ReleasedKnowledge} reach the weights: they are the targets, or
 * decide the targets, whose difference to the student's output is propagated back from outside.
 *
 * <p><b>Privacy.</b> Post-processing: nothing but public data, public features and released
 * knowledge comes in.
 */
public final class StudentTrainer {

  /** A match of the last hidden layer; which layer that is, its tap says. */
  private static final List<Match> DEFAULT = List.of(Match.squaredError(1));

  private final StudentSpec spec;
  private final StudentStore store;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param spec how the student is built and trained
   * @param store where the weights are kept after each phase
   * @param progress hears of every epoch
   */
  public StudentTrainer(StudentSpec spec, StudentStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /** What every phase learns from. */
  private record Lessons(ExampleSet pool, INDArray features, Teachings teachings) {}

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
    int classes = Math.toIntExact(released.softTargets().size(1));
    return train(
        pool,
        new Teachings(labels, classes, Optional.of(released), Optional.empty(), Optional.empty()),
        publicFeatures);
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
    return train(
        pool,
        new Teachings(
            labels, model.classes(), Optional.empty(), Optional.of(model), Optional.empty()),
        publicFeatures);
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
    return train(
        pool,
        new Teachings(
            labels, steps.classes(), Optional.empty(), Optional.empty(), Optional.of(steps)),
        publicFeatures);
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
    return train(
        pool,
        new Teachings(labels, classes, Optional.empty(), Optional.empty(), Optional.empty()),
        publicFeatures);
  }

  /** Where classes come from. */
  private record Teachings(
      PublicLabels labels,
      int classes,
      Optional<ReleasedKnowledge> released,
      Optional<ReleasedModel> model,
      Optional<StepByStep> steps) {

    PoolTargets targets(ExampleSet pool, INDArray features) {
      return model
          .map(
              taught ->
                  PoolTargets.of(labels, taught.probabilities(pool.features()).toDoubleMatrix()))
          .orElseGet(() -> PoolTargets.of(labels, classes, features, released));
    }

    /** Names what was released, for checkpoints. */
    String digest() {
      return model
          .map(ReleasedModel::digest)
          .or(() -> released.map(answers -> answers.receipt().outputDigest()))
          .or(() -> steps.map(asked -> asked.oracle().id() + asked.queries().digest()))
          .orElse("no answers");
    }
  }

  private Student train(PublicDataset pool, Teachings teachings, FeatureMap publicFeatures)
      throws IOException {
    String training =
        store.bind(
            out -> {
              fingerprint(pool, publicFeatures, teachings, out);
              writeLabels(teachings.labels(), out);
            });
    INDArray features = publicFeatures.apply(pool.examples().features());
    Lessons lessons = new Lessons(pool.examples(), features, teachings);
    Network network = learnHints(lessons);
    PoolTargets targets =
        teachings.steps().isPresent()
            ? distill(network, lessons, teachings.steps().get(), training)
            : distill(network, lessons);
    for (int round = 0; round < spec.selfLearning().rounds(); round++) {
      learnFromSelf(network, lessons, targets, round);
    }
    return new Student(network.withoutTaps());
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

  /** Everything a checkpoint depends on. */
  private void fingerprint(
      PublicDataset pool, FeatureMap publicFeatures, Teachings teachings, DataOutputStream out)
      throws IOException {
    out.writeUTF("rona student 2");
    out.writeUTF(spec.toString());
    out.writeUTF(pool.examples().featuresDigest());
    out.writeUTF(teachings.digest());
    out.writeUTF(
        teachings
            .released()
            .flatMap(ReleasedKnowledge::hintReceipt)
            .map(Receipt::outputDigest)
            .orElse("no hints"));
    publicFeatures.write(out);
  }

  private static void writeLabels(PublicLabels labels, DataOutputStream out) throws IOException {
    for (int index : labels.examples()) {
      out.writeInt(index);
      out.writeInt(labels.label(index));
    }
  }

  private NetworkSpec network(Lessons lessons) {
    return NetworkSpec.forExamples(
        lessons.pool().exampleShape(), spec.layers(), lessons.teachings().classes());
  }

  private Network learnHints(Lessons lessons) throws IOException {
    if (spec.hint().isEmpty()) {
      return Network.create(network(lessons), spec.seed());
    }
    StudentSpec.HintPhase phase = spec.hint().get();
    Hints hints =
        Hints.of(
            lessons.pool(), lessons.features(), lessons.teachings().released(), phase, spec.seed());
    NetworkSpec shape = network(lessons);
    if (phase.matches().isEmpty()) {
      return learnHints(shape, hints, List.of(Tap.ofLast(shape, hints.dimension())), DEFAULT);
    }
    List<Tap> taps =
        phase.matches().stream()
            .map(match -> new Tap(match.layer(), match.projected() ? hints.dimension() : 0))
            .toList();
    return learnHints(shape, hints, taps, phase.matches());
  }

  private Network learnHints(NetworkSpec shape, Hints hints, List<Tap> taps, List<Match> matches)
      throws IOException {
    TrainingSchedule schedule = spec.hint().orElseThrow().schedule();
    Network network = Network.create(shape, taps, spec.seed());
    Progression progression = Progression.of(schedule, hints.examples().size());
    MatchLesson lesson =
        new MatchLesson(matches, hints.targets(), progression, schedule.learningRate());
    runPhase("hint", schedule, network, hints.examples(), lesson);
    return network;
  }

  private PoolTargets distill(Network network, Lessons lessons) throws IOException {
    PoolTargets targets = lessons.teachings().targets(lessons.pool(), lessons.features());
    learnTargets("distillation", network, lessons.pool(), targets.initial());
    return targets;
  }

  private void learnTargets(String name, Network network, ExampleSet examples, double[][] targets)
      throws IOException {
    StudentSpec.DistillationPhase phase = spec.distillation();
    Progression progression = Progression.of(phase.schedule(), examples.size());
    runPhase(
        name,
        phase.schedule(),
        network,
        examples,
        Lesson.classes(
            targets, Beliefs.confidence(targets), () -> phase.temperatureAt(progression.next())));
  }

  /** Step by step; where there are public labels, what they teach comes first. */
  private PoolTargets distill(Network network, Lessons lessons, StepByStep asked, String training)
      throws IOException {
    PublicLabels labels = lessons.teachings().labels();
    if (labels.any()) {
      PoolTargets open = lessons.teachings().targets(lessons.pool(), lessons.features());
      learnTargets("public", network, lessons.pool(), open.initial());
    }
    StudentSpec.DistillationPhase phase = spec.distillation();
    Progression progression = Progression.of(phase.schedule(), asked.queries().size());
    runPhase(
        "distillation",
        phase.schedule(),
        network,
        asked.queries().examples(),
        new StepLesson(
            asked.queries(),
            asked.oracle().begin(training),
            () -> phase.temperatureAt(progression.next())));
    INDArray logits = network.logits(lessons.pool().features());
    return PoolTargets.ofStudent(labels, CrossEntropy.softmax(logits, 1).toDoubleMatrix());
  }

  private void learnFromSelf(Network network, Lessons lessons, PoolTargets beliefs, int round)
      throws IOException {
    StudentSpec.SelfLearningPhase phase = spec.selfLearning();
    INDArray logits = network.logits(lessons.pool().features());
    double[][] own = CrossEntropy.softmax(logits, 1 / phase.sharpening()).toDoubleMatrix();
    double[][] targets = beliefs.renewed(own, phase.evidenceWeight());
    runPhase(
        "self-learning-" + (round + 1),
        phase.schedule(),
        network,
        lessons.pool(),
        Lesson.classes(targets, Beliefs.confidence(targets), () -> 1));
  }

  private void runPhase(
      String name,
      TrainingSchedule schedule,
      Network network,
      ExampleSet examples,
      NetworkTrainer.BatchLoss loss)
      throws IOException {
    if (store.restore(name, network)) {
      return;
    }
    // Each phase draws from a stream of its own, so that a resumed run draws what an unbroken one
    // does.
    SplittableRandom random =
        new SplittableRandom(spec.seed() ^ name.hashCode() * 0x9E3779B97F4A7C15L);
    new NetworkTrainer(schedule, random, progress)
        .train(network, examples, "student: " + name, loss);
    store.keep(name, network);
  }
}
