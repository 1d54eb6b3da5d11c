package io.rona.teacher;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The teachers of an ensemble, of which each saw the records of one shard and public data.
 *
 * <p><b>Sensitive</b>, as all that they answer.
 */
interface TeacherMembers {

  /** The number of teachers, at least 1. */
  int size();

  /** Parameters of one teacher, what it shares with the others included. */
  long teacherParameterCount();

  /** Parameters of all teachers, what they share once. */
  long parameterCount();

  /** A computation as large as that of one teacher; the public-only model has a head as well. */
  UnaryOperator<INDArray> onePass(PublicOnlyModel publicOnly);

  /** Prepares answers to a batch; not modified. */
  Answers ask(INDArray inputs);

  /** The teachers' class scores on one batch. */
  interface Answers {
    /** Scores of some teachers side by side, shape {@code [n, (to - from) * classes]}. */
    float[] scores(int from, int to);
  }
}
