package io.rona.cli.run;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run, as {@code summary.json} holds them.
 *
 * <p><b>Internal.</b> The teachers' accuracy depends on sensitive records and was not paid for; the
 * released bundle does not hold it.
 *
 * @param run name of the run in the ledger
 * @param epsilon privacy loss bound of this run's releases, in nats
 * @param delta probability mass the bound may miss
 * @param rdpEpsilon the moments accountant's bound for the same releases
 * @param adjacency label of the neighboring relation
 * @param privacyUnit what one unit is
 * @param accountant which accountant gave epsilon
 * @param releasable whether noise came from a secret source
 * @param queries answered queries, or steps of a released model
 * @param noiseMultiplier noise of a soft target over its sensitivity
 * @param noiseStdDev noise on each coordinate of a soft target, where the signal is at most 1, or
 *     of a private head's gradient in multiples of the clip norm
 * @param teacherKind ensemble, models, private-head or dp-sgd
 * @param teacherReleased whether the one teacher itself was paid for, not its answers
 * @param teachers number of teachers
 * @param teacherAccuracy noiseless ensemble on the evaluation data, internal; or released model
 * @param publicOnlyAccuracy model of public data alone, on the evaluation data
 * @param publicStudentAccuracy the same student trained without the answers, on the evaluation
 *     data; null if there were no public labels or it was not asked for
 * @param auxiliaryAccuracy heavy auxiliary student on the evaluation data; null if there is none
 * @param auxiliaryParameters its parameters; null if there is none
 * @param studentAccuracy student on the evaluation data
 * @param teacherParameters backbone and head of one teacher
 * @param ensembleParameters backbone and all heads
 * @param studentParameters parameters of the student
 * @param compressionRatio one teacher's parameters over the student's
 * @param ensembleCompressionRatio all teachers' parameters over the student's
 * @param inferenceSpeedup one teacher's median time over the student's, batch of 1, same engine
 * @param inferenceSpeedupBatch128 the same for a batch of 128
 * @param teacherMillis one teacher's median milliseconds, batch of 1
 * @param studentMillis the student's median milliseconds, batch of 1
 * @param teacherMillisBatch128 one teacher's median milliseconds, batch of 128
 * @param studentMillisBatch128 the student's median milliseconds, batch of 128
 * @param onnx the student's ONNX file, run by ONNX Runtime
 * @param onnxInt8 the same with weights of 8 bits
 * @param seed public seed
 * @param seconds wall-clock time of this process
 */
@JsonPropertyOrder({"epsilon", "delta", "rdpEpsilon", "adjacency", "privacyUnit"})
public record RunSummary(
    String run,
    double epsilon,
    double delta,
    double rdpEpsilon,
    String adjacency,
    String privacyUnit,
    String accountant,
    boolean releasable,
    int queries,
    double noiseMultiplier,
    double noiseStdDev,
    String teacherKind,
    boolean teacherReleased,
    int teachers,
    double teacherAccuracy,
    double publicOnlyAccuracy,
    @Nullable Double publicStudentAccuracy,
    @Nullable Double auxiliaryAccuracy,
    @Nullable Long auxiliaryParameters,
    double studentAccuracy,
    long teacherParameters,
    long ensembleParameters,
    long studentParameters,
    double compressionRatio,
    double ensembleCompressionRatio,
    double inferenceSpeedup,
    double inferenceSpeedupBatch128,
    double teacherMillis,
    double studentMillis,
    double teacherMillisBatch128,
    double studentMillisBatch128,
    OnnxFile onnx,
    OnnxFile onnxInt8,
    long seed,
    double seconds) {
  /**
   * A file as its users run it, on one thread.
   *
   * @param bytes its size
   * @param agreement share of the evaluation data for which it names the class that the student
   *     does, from 0 to 1
   * @param millis median of one input at a time
   */
  public record OnnxFile(long bytes, double agreement, double millis) {}
}
