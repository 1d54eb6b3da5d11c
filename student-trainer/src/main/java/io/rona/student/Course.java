package io.rona.student;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicLabels;
import io.rona.query.data.PublicSeed;
import io.rona.query.engine.CrossEntropy;
import io.rona.query.engine.LayerSpec;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.Tap;
import io.rona.query.engine.TrainingSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One network's way through the phases, from fresh weights on; in self learning, with peers that
 * went the same way from other weights.
 */
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
   * Trains a network, and its peers beside it.
   *
   * @param layers its hidden layers
   * @param training names the training to whoever is asked step by step
   * @return the network without what only its training needed
   */
  Network train(List<LayerSpec> layers, String training) throws IOException {
    Optional<Hints> hints = phases.hint().map(this::hints);
    Learner student = learner(layers, hints, 0);
    student.learnBeforeAnswers(hints);
    PoolTargets targets =
        lessons.teachings().steps().isPresent()
            ? student.distill(lessons.teachings().steps().get(), training)
            : student.distill();
    List<Learner> together = new ArrayList<>(List.of(student));
    StudentSpec.SelfLearningPhase self = phases.selfLearning();
    int peers = self.rounds() == 0 ? 0 : self.peers();
    for (int peer = 1; peer <= peers; peer++) {
      Learner next = learner(layers, hints, peer);
      next.learnBeforeAnswers(hints);
      next.learnTargets("distillation", targets.initial());
      together.add(next);
    }
    for (int round = 0; round < self.rounds(); round++) {
      learnFromSelves(together, targets, round);
    }
    student.learnLabels("fine-tuning", phases.fineTuning());
    return student.network.withoutTaps();
  }

  private Learner learner(List<LayerSpec> layers, Optional<Hints> hints, int peer) {
    NetworkSpec shape = lessons.network(layers);
    return peer == 0
        ? new Learner(Network.create(shape, taps(shape, hints), seed), runner)
        : new Learner(
            Network.create(shape, taps(shape, hints), PublicSeed.of(seed, peer)),
            runner.of("peer-" + peer));
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

  /**
   * A round: targets are renewed from the mean of what all believe, and each learns them on its
   * own. What one alone has come to believe by accident, the mean holds for less likely.
   */
  private void learnFromSelves(List<Learner> together, PoolTargets beliefs, int round)
      throws IOException {
    StudentSpec.SelfLearningPhase phase = phases.selfLearning();
    INDArray sum = together.get(0).beliefs(phase.sharpening());
    for (Learner peer : together.subList(1, together.size())) {
      sum.addi(peer.beliefs(phase.sharpening()));
    }
    double[][] own = sum.divi(together.size()).toDoubleMatrix();
    double[][] targets = beliefs.renewed(own, phase.evidenceWeight());
    for (Learner learner : together) {
      learner.runner.run(
          "self-learning-" + (round + 1),
          phase.schedule(),
          learner.network,
          lessons.inputs(),
          Lesson.classes(targets, Beliefs.confidence(targets), over -> 1));
    }
  }

  /** One of the networks that learn side by side. */
  private final class Learner {
    private final Network network;
    private final PhaseRunner runner;

    Learner(Network network, PhaseRunner runner) {
      this.network = network;
      this.runner = runner;
    }

    void learnBeforeAnswers(Optional<Hints> hints) throws IOException {
      learnLabels("pretraining", phases.pretraining());
      if (hints.isPresent()) {
        learnHints(hints.get());
      }
    }

    void learnLabels(String name, Optional<TrainingSchedule> schedule) throws IOException {
      if (schedule.isEmpty()) {
        return;
      }
      PublicLabels labels = lessons.teachings().labels();
      int[] known = labels.examples();
      int[] classes = Arrays.stream(known).map(labels::label).toArray();
      runner.run(
          name, schedule.get(), network, lessons.inputs().subset(known), Lesson.labels(classes));
    }

    private void learnHints(Hints hints) throws IOException {
      StudentSpec.HintPhase phase = phases.hint().orElseThrow();
      TrainingSchedule schedule = phase.schedule();
      List<Match> matches = phase.matches().isEmpty() ? DEFAULT : phase.matches();
      MatchLesson lesson = new MatchLesson(matches, hints, schedule.learningRate());
      runner.run("hint", schedule, network, hints.examples(), lesson);
    }

    PoolTargets distill() throws IOException {
      PoolTargets targets = lessons.teachings().targets(lessons.pool(), lessons.features());
      learnTargets("distillation", targets.initial());
      return targets;
    }

    void learnTargets(String name, double[][] targets) throws IOException {
      StudentSpec.DistillationPhase phase = phases.distillation();
      runner.run(
          name,
          phase.schedule(),
          network,
          lessons.inputs(),
          Lesson.classes(targets, Beliefs.confidence(targets), phase::temperatureAt));
    }

    /** Step by step; where there are public labels, what they teach comes first. */
    PoolTargets distill(StudentTrainer.StepByStep asked, String training) throws IOException {
      PublicLabels labels = lessons.teachings().labels();
      if (labels.any()) {
        PoolTargets open = lessons.teachings().targets(lessons.pool(), lessons.features());
        learnTargets("public", open.initial());
      }
      StudentSpec.DistillationPhase phase = phases.distillation();
      runner
          .repeating()
          .run(
              "distillation",
              phase.schedule(),
              network,
              lessons.inputs().subset(asked.queries().poolIndices()),
              new StepLesson(
                  asked.queries(), asked.oracle().begin(training), phase::temperatureAt));
      return PoolTargets.ofStudent(labels, beliefs(1).toDoubleMatrix());
    }

    /** Class probabilities of every pool example. */
    INDArray beliefs(double sharpening) {
      return CrossEntropy.softmax(
          ExampleBlocks.map(lessons.inputs(), network::logits), 1 / sharpening);
    }
  }
}
