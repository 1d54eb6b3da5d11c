package io.rona.teacher;

import io.rona.query.data.ExampleSet;
import io.rona.query.data.PublicDataset;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.RememberedFeatures;
import io.rona.query.features.RidgeRegression;
import io.rona.teacher.data.SensitiveDataset;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the backbone on public data and one head a shard from the public-only head.
 *
 * <p>Head \( j \) solves \( \min_W \|X_j W - Y_j\|^2 + \lambda \|W - W_0\|^2 \) over the records of
 * shard \( j \) alone, with \( W_0 \) the head fitted on public labels (zero without them). So the
 * public data reach every teacher and a sensitive record reaches one: the disjointness that the
 * sensitivity bound rests on. The head of an empty shard is \( W_0 \), as is that of a shard whose
 * features are too large to solve for.
 */
public final class TeacherTrainer {

  /** Shards trained between two checkpoints. */
  private static final int BLOCK = 50;

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
   * @param sensitive labeled records
   * @param open public inputs of the same shape
   * @param labeled those of the public inputs that have a public label; may be empty
   * @return the ensemble
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if the sensitive records have no labels, the public labels
   *     have other classes, or a supervised backbone gets no public labels
   * @throws IllegalStateException if the store holds teachers of another configuration or of other
   *     data
   */
  public TeacherEnsemble train(SensitiveDataset sensitive, PublicDataset open, ExampleSet labeled)
      throws IOException {
    if (sensitive.classes() == 0) {
      throw new IllegalArgumentException("sensitive records must have labels to teach");
    }
    List<ExampleSet> shards =
        sensitive.shards(spec.teachers(), spec.shardKey().getBytes(StandardCharsets.UTF_8));
    store.bind(out -> fingerprint(shards, open, labeled, out));
    FeatureMap backbone =
        new RememberedFeatures(
            store.backbone(
                () ->
                    new BackboneTrainer(spec.backbone(), spec.seed(), progress)
                        .train(open.examples(), labeled, sensitive.classes())));
    PublicOnlyModel publicOnly =
        PublicOnlyModel.fit(backbone, labeled, sensitive.classes(), spec.headPenalty());
    List<INDArray> heads = new ArrayList<>(store.heads());
    progress.update("teachers", heads.size(), spec.teachers());
    while (heads.size() < spec.teachers()) {
      int to = Math.min(spec.teachers(), heads.size() + BLOCK);
      List<INDArray> block = trainHeads(shards.subList(heads.size(), to), publicOnly);
      store.keep(heads.size(), block);
      heads.addAll(block);
      progress.update("teachers", heads.size(), spec.teachers());
    }
    TeacherEnsemble.Origin origin =
        new TeacherEnsemble.Origin(store.ensembleId(), sensitive.keyedDigest());
    return new TeacherEnsemble(origin, backbone, publicOnly, heads);
  }

  /**
   * Everything a checkpoint depends on. Were heads of two splits mixed, one record could reach two
   * teachers.
   */
  private void fingerprint(
      List<ExampleSet> shards, PublicDataset open, ExampleSet labeled, DataOutputStream out)
      throws IOException {
    out.writeUTF("rona teachers 1");
    out.writeUTF(spec.toString());
    out.writeUTF(open.examples().featuresDigest());
    out.writeUTF(labeled.contentDigest());
    for (ExampleSet shard : shards) {
      out.writeUTF(shard.contentDigest());
    }
  }

  private List<INDArray> trainHeads(List<ExampleSet> shards, PublicOnlyModel publicOnly) {
    // Features first and one after the other: the engine uses every core for them by itself.
    List<INDArray> features =
        shards.stream().map(shard -> features(shard, publicOnly.backbone())).toList();
    return IntStream.range(0, shards.size())
        .parallel()
        .mapToObj(i -> trainHead(shards.get(i), features.get(i), publicOnly.head()))
        .toList();
  }

  private static INDArray features(ExampleSet shard, FeatureMap backbone) {
    return shard.size() == 0
        ? Nd4j.empty()
        : TeacherEnsemble.withConstant(backbone.apply(shard.features()));
  }

  private INDArray trainHead(ExampleSet shard, INDArray features, INDArray publicHead) {
    if (shard.size() == 0) {
      return publicHead;
    }
    INDArray residual = shard.oneHotLabels().sub(features.mmul(publicHead));
    try {
      return RidgeRegression.fit(features, residual, spec.headPenalty()).addi(publicHead);
    } catch (ArithmeticException e) {
      // A head may be any function of its shard, but no record may stop the run.
      return publicHead;
    }
  }
}
