package io.rona.teacher;

import io.rona.privacy.Adjacency;
import io.rona.privacy.ledger.AccountKey;
import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.features.FeatureMap;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Teachers on disjoint shards, beside a public backbone: trained here, a linear head on the
 * backbone each, or brought along as models of their own.
 *
 * <p><b>Sensitive.</b> Teachers and everything computed from them depend on sensitive records.
 * Nothing here is public but the public-only head; answers leave through {@link TeacherOracle}
 * alone.
 */
public final class TeacherEnsemble {

  private final Origin origin;
  private final PublicOnlyModel publicOnly;
  private final TeacherMembers members;

  /**
   * What an ensemble came from.
   *
   * @param id random name of this training's outcome
   * @param datasetDigest keyed digest of the sensitive data set
   */
  record Origin(String id, String datasetDigest) {}

  /**
   * Puts an ensemble together.
   *
   * @param origin what the ensemble came from
   * @param publicOnly shared feature map, and the head fitted on public labels
   * @param members the teachers
   */
  TeacherEnsemble(Origin origin, PublicOnlyModel publicOnly, TeacherMembers members) {
    this.origin = origin;
    this.publicOnly = publicOnly;
    this.members = members;
  }

  /**
   * Returns the ensemble's random name. It tells trainings apart and says nothing of the data.
   *
   * @return not empty
   */
  public String id() {
    return origin.id();
  }

  /** Keyed digest of the data set whose budget must pay for the answers. */
  String datasetDigest() {
    return origin.datasetDigest();
  }

  /** Refuses an account of another data set than the one the teachers were trained on. */
  void requireAccount(AccountKey account) {
    if (!account.dataset().keyedDigest().equals(origin.datasetDigest())) {
      throw new IllegalArgumentException(
          "account must be that of the data set the teachers were trained on, but is " + account);
    }
  }

  /**
   * Counts the teachers.
   *
   * @return k, at least 1
   */
  public int size() {
    return members.size();
  }

  /**
   * Returns the shared feature map, which is public.
   *
   * @return the backbone
   */
  public FeatureMap backbone() {
    return publicOnly.backbone();
  }

  /**
   * Returns the teacher that saw public data only.
   *
   * @return the model; it answers the same for everything where there were no public labels
   */
  public PublicOnlyModel publicOnly() {
    return publicOnly;
  }

  /**
   * Counts the parameters of one teacher, its backbone included.
   *
   * @return at least 1
   */
  public long teacherParameterCount() {
    return members.teacherParameterCount();
  }

  /**
   * Counts the parameters of all teachers, what they share once.
   *
   * @return at least 1
   */
  public long parameterCount() {
    return members.parameterCount();
  }

  /**
   * Returns a computation as large as that of one teacher on one batch, to take its time.
   *
   * <p>What it returns may depend on sensitive records: for a clock only.
   *
   * @return a function of a batch of inputs
   */
  public UnaryOperator<INDArray> onePass() {
    return members.onePass(publicOnly());
  }

  int classes() {
    return Math.toIntExact(publicOnly.head().size(1));
  }

  TeacherMembers members() {
    return members;
  }

  /** The teachers' scores on a batch, some teachers at a time. */
  TeacherMembers.Answers ask(INDArray inputs) {
    return members.ask(inputs);
  }

  /** Features with a constant column, as the heads take them. */
  static INDArray withConstant(INDArray features) {
    return Nd4j.hstack(features, Nd4j.ones(DataType.FLOAT, features.size(0), 1));
  }

  /**
   * Measures the noiseless ensemble on labeled examples, for the curator's eyes.
   *
   * <p><b>Not private.</b> The figure depends on sensitive records and was not paid for: it belongs
   * in the internal summary, never in a release.
   *
   * @param examples inputs and their true classes; at least one
   * @param rule how teachers answer
   * @return share of examples whose largest mean answer is right, from 0 to 1
   */
  public double internalAccuracy(ExampleSet examples, AnswerRule rule) {
    AnswerAggregator teachers = new AnswerAggregator(this, Adjacency.ADD_REMOVE);
    int right = 0;
    for (ExampleSet block : ExampleBlocks.of(examples)) {
      double[][] means = teachers.targets(block.features(), rule).rows();
      for (int i = 0; i < means.length; i++) {
        if (argMax(means[i]) == block.label(i)) {
          right++;
        }
      }
    }
    return right / (double) examples.size();
  }

  private static int argMax(double[] values) {
    int best = 0;
    for (int c = 1; c < values.length; c++) {
      if (values[c] > values[best]) {
        best = c;
      }
    }
    return best;
  }
}
