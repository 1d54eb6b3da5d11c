package io.rona.student;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicLabels;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.Tap;
import io.rona.query.engine.TrainingSchedule;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One network's way through the phases, from fresh weights on. */
final class Course {

  /** A match of the last hidden layer; which layer that is, its tap says. */
  private static final List<Match> DEFAULT = List.of(Match.squaredError(1));

  private final StudentSpec.Phases phases;
  private final Lessons lessons;
  private final long seed;
  private final PhaseRunner runner;

  /**
   * What every phase learns from.
   *
   * @param pool all public data, as whoever teaches sees them
   * @param inputs the same examples, as the network sees them
   * @param features their public features, one row an example
   * @param teachings where classes come from
   */
  record Lessons(ExampleSet pool, ExampleSet inputs, INDArray features, Teachings teachings) {

    /** The shape of a network that learns from them. */
    NetworkSpec network(List<LayerSpec> layers) {
      return NetworkSpec.forExamples(inputs, layers, teachings.classes());
    }
  }

  /**
   * Prepares a course.
   *
   * @param phases what is learned in which order
   * @param lessons what from
   * @param seed public seed of initial weights and projections
   * @param runner runs the phases
   */
  Course(StudentSpec.Phases phases, Lessons lessons, long seed, PhaseRunner runner) {
    this.phases = phases;
    this.lessons = lessons;
    this.seed = seed;
    this.runner = runner;
  }

  /**
   * Trains a network.
   *
   * @param layers its hidden layers
   * @param training names the training to whoever is asked step by step
   * @return the network without what only its training needed
   */
  Network train(List<LayerSpec> layers, String training) throws IOException {
    NetworkSpec shape = lessons.network(layers);
    Optional<Hints> hints = phases.hint().map(this::hints);
    Network network = Network.create(shape, taps(shape, hints), seed);
    if (phases.pretraining().isPresent()) {
      learnLabels("pretraining", phases.pretraining().get(), network);
    }
    if (hints.isPresent()) {
      learnHints(network, hints.get());
    }
    PoolTargets targets =
        lessons.teachings().steps().isPresent()
            ? distill(network, lessons.teachings().steps().get(), training)
            : distill(network);
    for (int round = 0; round < phases.selfLearning().rounds(); round++) {
      learnFromSelf(network, targets, round);
    }
    if (phases.fineTuning().isPresent()) {
      learnLabels("fine-tuning", phases.fineTuning().get(), network);
    }
    return network.withoutTaps();
  }

  private Hints hints(StudentSpec.HintPhase phase) {
    return Hints.of(
        lessons.inputs(), lessons.features(), lessons.teachings().released(), phase, seed);
  }

  private List<Tap> taps(NetworkSpec shape, Optional<Hints> hints) {
    if (hints.isEmpty()) {
      return List.of();
    }
    int width = hints.get().dimension();
    List<Match> matches = phases.hint().orElseThrow().matches();
    return matches.isEmpty()
        ? List.of(Tap.ofLast(shape, width))
        : matches.stream().map(match -> match.tap(width)).toList();
  }

  private void learnLabels(String name, TrainingSchedule schedule, Network network)
      throws IOException {
    PublicLabels labels = lessons.teachings().labels();
    int[] known = labels.examples();
    int[] classes = Arrays.stream(known).map(labels::label).toArray();
    runner.run(name, schedule, network, lessons.inputs().subset(known), Lesson.labels(classes));
  }

  private void learnHints(Network network, Hints hints) throws IOException {
    StudentSpec.HintPhase phase = phases.hint().orElseThrow();
    TrainingSchedule schedule = phase.schedule();
    List<Match> matches = phase.matches().isEmpty() ? DEFAULT : phase.matches();
    MatchLesson lesson = new MatchLesson(matches, hints, schedule.learningRate());
    runner.run("hint", schedule, network, hints.examples(), lesson);
  }

  private PoolTargets distill(Network network) throws IOException {
    PoolTargets targets = lessons.teachings().targets(lessons.pool(), lessons.features());
    learnTargets("distillation", network, targets.initial());
    return targets;
  }

  private void learnTargets(String name, Network network, double[][] targets) throws IOException {
    StudentSpec.DistillationPhase phase = phases.distillation();
    runner.run(
        name,
        phase.schedule(),
        network,
        lessons.inputs(),
        Lesson.classes(targets, Beliefs.confidence(targets), phase::temperatureAt));
  }

  /** Step by step; where there are public labels, what they teach comes first. */
  private PoolTargets distill(Network network, StudentTrainer.StepByStep asked, String training)
      throws IOException {
    PublicLabels labels = lessons.teachings().labels();
    if (labels.any()) {
      PoolTargets open = lessons.teachings().targets(lessons.pool(), lessons.features());
      learnTargets("public", network, open.initial());
    }
    StudentSpec.DistillationPhase phase = phases.distillation();
    runner
        .repeating()
        .run(
            "distillation",
            phase.schedule(),
            network,
            lessons.inputs().subset(asked.queries().poolIndices()),
            new StepLesson(asked.queries(), asked.oracle().begin(training), phase::temperatureAt));
    INDArray logits = network.logits(lessons.inputs().features());
    return PoolTargets.ofStudent(labels, CrossEntropy.softmax(logits, 1).toDoubleMatrix());
  }

  private void learnFromSelf(Network network, PoolTargets beliefs, int round) throws IOException {
    StudentSpec.SelfLearningPhase phase = phases.selfLearning();
    INDArray logits = network.logits(lessons.inputs().features());
    double[][] own = CrossEntropy.softmax(logits, 1 / phase.sharpening()).toDoubleMatrix();
    double[][] targets = beliefs.renewed(own, phase.evidenceWeight());
    runner.run(
        "self-learning-" + (round + 1),
        phase.schedule(),
        network,
        lessons.inputs(),
        Lesson.classes(targets, Beliefs.confidence(targets), over -> 1));
  }
}
