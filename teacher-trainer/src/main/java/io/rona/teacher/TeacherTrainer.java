package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.query.data.ExampleBlocks;
import io.rona.query.data.ExampleSet;
import io.rona.query.data.NativeMemory;
import io.rona.query.data.PublicSeed;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.RidgeRegression;
import io.rona.query.features.RidgeRegression.Rows;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleFunction;
import java.util.random.RandomGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the backbone on public data and one head a shard from the public-only head.
 *
 * <p>Head \( j \) solves \( \min_W \|X_j W - Y_j\|^2 + \lambda \|W - W_0\|^2 \) over the records of
 * shard \( j \) alone, with \( W_0 \) the head fitted on public labels (zero without them). So the
 * public data reach every teacher and a sensitive record reaches one: the disjointness that the
 * sensitivity bound rests on. The head of an empty shard is \( W_0 \), as is that of a shard whose
 * features are too large to solve for. With {@link ShardAugmentation} the rows of \( X_j \) are
 * those of the records and of distorted copies of them.
 */
public final class TeacherTrainer {

  /** Shards trained between two checkpoints. */
  private static final int BLOCK = 50;

  /** Values of features that wait for their heads, where one shard has not more: 128 MB. */
  private static final long MOST_WAITING = 1L << 25;

  private final TeacherSpec spec;
  private final EnsembleStore store;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param spec how the ensemble is built
   * @param store where checkpoints are kept; holds sensitive files
   * @param progress hears of every block of teachers
   */
  public TeacherTrainer(TeacherSpec spec, EnsembleStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Trains the ensemble, or what a stopped run left of it.
   *
   * @param data what the teachers learn from
   * @return the ensemble
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if a supervised backbone gets no public labels, or records
   *     that are no images are to be distorted
   * @throws IllegalStateException if the store holds teachers of another configuration or of other
   *     data
   */
  public TeacherEnsemble train(TeachingData data) throws IOException {
    List<ExampleSet> shards =
        data.sensitive().shards(spec.teachers(), spec.shardKey().getBytes(UTF_8));
    store.bind(out -> fingerprint(shards, data, out));
    PublicOnlyModel publicOnly =
        new PublicOnlyTrainer(spec.publicOnly(), store, progress).train(data);
    List<INDArray> heads = new ArrayList<>(store.heads());
    progress.update("teachers", heads.size(), spec.teachers());
    while (heads.size() < spec.teachers()) {
      int to = Math.min(spec.teachers(), heads.size() + BLOCK);
      List<INDArray> block = trainHeads(shards, heads.size(), to, publicOnly);
      store.keep(heads.size(), block);
      heads.addAll(block);
      progress.update("teachers", heads.size(), spec.teachers());
    }
    TeacherEnsemble.Origin origin =
        new TeacherEnsemble.Origin(store.ensembleId(), data.sensitive().keyedDigest());
    return new TeacherEnsemble(origin, publicOnly, new LinearHeads(publicOnly.backbone(), heads));
  }

  /**
   * Everything a checkpoint depends on. Were heads of two splits mixed, one record could reach two
   * teachers.
   */
  private void fingerprint(List<ExampleSet> shards, TeachingData data, DataOutputStream out)
      throws IOException {
    out.writeUTF("rona teachers 2");
    out.writeUTF(spec.toString());
    out.writeUTF(data.publicDigest());
    for (ExampleSet shard : shards) {
      out.writeUTF(shard.contentDigest());
    }
  }

  private List<INDArray> trainHeads(
      List<ExampleSet> shards, int from, int to, PublicOnlyModel publicOnly) {
    List<INDArray> heads = new ArrayList<>();
    List<Optional<Rows>> lessons = new ArrayList<>();
    long waiting = 0;
    // Features first and one after the other: the engine uses every core for them by itself.
    for (int j = from; j < to; j++) {
      ExampleSet shard = shards.get(j);
      if (ExampleBlocks.of(shard).size() > 1) {
        heads.addAll(trainHeads(lessons, publicOnly.head()));
        heads.add(trainLargeHead(shard, j, publicOnly));
        continue;
      }
      Optional<Rows> lesson = lesson(shard, randomOfShard(j), publicOnly.backbone());
      lessons.add(lesson);
      waiting += lesson.map(rows -> rows.inputs().length()).orElse(0L);
      if (waiting > MOST_WAITING) {
        heads.addAll(trainHeads(lessons, publicOnly.head()));
        waiting = 0;
      }
    }
    heads.addAll(trainHeads(lessons, publicOnly.head()));
    return heads;
  }

  /** Trains the heads of all lessons on all cores, and takes the lessons away. */
  private List<INDArray> trainHeads(List<Optional<Rows>> lessons, INDArray publicHead) {
    List<INDArray> heads =
        lessons.parallelStream()
            .map(lesson -> lesson.map(rows -> trainHead(rows, publicHead)).orElse(publicHead))
            .toList();
    lessons.forEach(lesson -> lesson.ifPresent(Rows::close));
    lessons.clear();
    return heads;
  }

  /** What a teacher learns from: features with a constant, and one-hot labels. */
  private Optional<Rows> lesson(ExampleSet shard, RandomGenerator random, FeatureMap backbone) {
    if (shard.size() == 0) {
      return Optional.empty();
    }
    List<INDArray> inputs = new ArrayList<>(List.of(shard.features()));
    List<INDArray> targets = new ArrayList<>(List.of(shard.oneHotLabels()));
    spec.augmentation()
        .ifPresent(
            augmentation -> {
              for (int copy = 0; copy < augmentation.copies(); copy++) {
                inputs.add(augmentation.augmenter().distorted(inputs.get(0), random));
                targets.add(targets.get(0));
              }
            });
    INDArray features = backbone.forgetful().apply(Nd4j.concat(0, inputs.toArray(INDArray[]::new)));
    INDArray withConstant = TeacherEnsemble.withConstant(features);
    NativeMemory.free(features);
    return Optional.of(new Rows(withConstant, Nd4j.concat(0, targets.toArray(INDArray[]::new))));
  }

  /** Each shard has its own stream, so that no record moves the copies of another shard's. */
  private RandomGenerator randomOfShard(int index) {
    return new SplittableRandom(PublicSeed.of(spec.publicOnly().seed(), index + 1));
  }

  private INDArray trainHead(Rows lesson, INDArray publicHead) {
    return head(
        penalty -> RidgeRegression.fit(lesson.inputs(), residual(lesson, publicHead), penalty),
        publicHead);
  }

  /** Of a shard whose features are not in memory as a whole. */
  private INDArray trainLargeHead(ExampleSet shard, int index, PublicOnlyModel publicOnly) {
    RandomGenerator random = randomOfShard(index);
    INDArray publicHead = publicOnly.head();
    return head(
        penalty ->
            RidgeRegression.fit(
                shard,
                block -> {
                  Rows lesson = lesson(block, random, publicOnly.backbone()).orElseThrow();
                  INDArray residual = residual(lesson, publicHead);
                  lesson.targets().close();
                  return new Rows(lesson.inputs(), residual);
                },
                penalty),
        publicHead);
  }

  private static INDArray residual(Rows lesson, INDArray publicHead) {
    return lesson.targets().sub(lesson.inputs().mmul(publicHead));
  }

  private INDArray head(DoubleFunction<INDArray> fit, INDArray publicHead) {
    try {
      return fit.apply(spec.publicOnly().headPenalty()).addi(publicHead);
    } catch (ArithmeticException e) {
      // A head may be any function of its shard, but no record may stop the run.
      return publicHead;
    }
  }
}
