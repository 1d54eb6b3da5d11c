package io.rona.student;

import io.rona.privacy.ledger.Receipt;
import io.rona.query.ReleasedKnowledge;
import io.rona.query.ReleasedModel;
import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicLabels;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where classes come from.
 *
 * @param labels those of the pool's labels that are public
 * @param classes number of classes, at least 2
 * @param released noised answers, if there are any
 * @param model a released model, if there is one
 * @param steps whom to ask at every step, if anybody
 */
record Teachings(
    PublicLabels labels,
    int classes,
    Optional<ReleasedKnowledge> released,
    Optional<ReleasedModel> model,
    Optional<StudentTrainer.StepByStep> steps) {

  /** Nothing but public labels. */
  static Teachings ofLabels(PublicLabels labels, int classes) {
    return new Teachings(labels, classes, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Teachings of(PublicLabels labels, ReleasedKnowledge released) {
    int classes = Math.toIntExact(released.softTargets().size(1));
    return new Teachings(
        labels, classes, Optional.of(released), Optional.empty(), Optional.empty());
  }

  static Teachings of(PublicLabels labels, ReleasedModel model) {
    return new Teachings(
        labels, model.classes(), Optional.empty(), Optional.of(model), Optional.empty());
  }

  static Teachings of(PublicLabels labels, StudentTrainer.StepByStep steps) {
    return new Teachings(
        labels, steps.classes(), Optional.empty(), Optional.empty(), Optional.of(steps));
  }

  PoolTargets targets(ExampleSet pool, INDArray features) {
    return model
        .map(
            taught ->
                PoolTargets.of(
                    labels, ExampleBlocks.map(pool, taught::probabilities).toDoubleMatrix()))
        .orElseGet(() -> PoolTargets.of(labels, classes, features, released));
  }

  /** Names what was released and what is known, for checkpoints. */
  void writeTo(DataOutputStream out) throws IOException {
    out.writeUTF(digest());
    out.writeUTF(
        released
            .flatMap(ReleasedKnowledge::hintReceipt)
            .map(Receipt::outputDigest)
            .orElse("no hints"));
    int[] known = labels.examples();
    out.writeInt(known.length);
    for (int index : known) {
      out.writeInt(index);
      out.writeInt(labels.label(index));
    }
  }

  private String digest() {
    return model
        .map(ReleasedModel::digest)
        .or(() -> released.map(answers -> answers.receipt().outputDigest()))
        .or(() -> steps.map(asked -> asked.oracle().id() + asked.queries().digest()))
        .orElse("no answers");
  }
}
