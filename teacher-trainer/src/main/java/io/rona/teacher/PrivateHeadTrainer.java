package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.release.ReleaseGuard;
import io.rona.privacy.release.ReleaseRequest;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.query.HeadDescent;
import io.rona.query.ReleasedHead;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Progress;
import io.rona.query.features.FeatureMap;
import io.rona.query.features.RidgeRegression;
import io.rona.query.features.UnitFeatures;
import io.rona.teacher.data.SensitiveDataset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains one linear head on all sensitive records by full-batch gradient descent, each step's
 * gradient released through the guard.
 *
 * <h2>Privacy guarantees</h2>
 *
 * <p>A step releases the sum of the units' clipped gradients at public weights, of sensitivity 1 in
 * multiples of the clip norm under add-remove and 2 under replace-one ({@link ClippedGradient}),
 * with noise from {@link ReleaseGuard}. No batch is sampled, so there is no amplification to argue
 * for: \( T \) steps are a composition of \( T \) Gaussian mechanisms, \( \sqrt T / z \)-GDP. The
 * weights of the next step and the head itself are post-processing. Backbone, whitening and start
 * come from public data; sums are divided by the declared number of units.
 *
 * <p>Each released gradient is kept durably before it is committed. A stopped training goes on
 * behind the last one kept and pays for none of them again.
 */
public final class PrivateHeadTrainer {

  /** Divides the ridge scores of the public-only head, so that it starts as a firm softmax. */
  private static final double START_TEMPERATURE = 0.1;

  private static final String SHARD_KEY = "private head";

  private final PrivateHeadSpec spec;
  private final EnsembleStore store;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param spec how the head is trained
   * @param store where the backbone is kept
   * @param progress hears of every step
   */
  public PrivateHeadTrainer(PrivateHeadSpec spec, EnsembleStore store, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.progress = progress;
  }

  /**
   * Trains the head, or what a stopped run left of it.
   *
   * @param data what the head learns from
   * @param release how its gradients are released, and who pays
   * @return the head
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if the account is of another data set
   * @throws IllegalStateException if the store is of another configuration or of other public data
   * @throws BudgetExceededException if the account refuses a step; a head that lost a step to a
   *     crash does without it, if at least nine tenths of the steps are there
   */
  public PrivateHead train(TeachingData data, GradientRelease release) throws IOException {
    release.requireAccountOf(data);
    store.bind(out -> data.fingerprint("rona private head 2", spec, out));
    PublicOnlyModel publicOnly =
        new PublicOnlyTrainer(spec.publicOnly(), store, progress).train(data);
    FeatureMap units =
        UnitFeatures.fit(publicOnly.backbone(), data.open().examples(), spec.whitening());
    HeadDescent.Recipe recipe = recipe(data, units);
    ReleasedSteps steps = release.steps(data, spec.toString(), spec.schedule().steps());
    List<ReleasedVectors> released =
        new Descent(data.sensitive(), units, recipe, release).released(steps);
    return new PrivateHead(publicOnly, ReleasedHead.of(units, recipe, released));
  }

  private HeadDescent.Recipe recipe(TeachingData data, FeatureMap units) {
    return new HeadDescent.Recipe(
        spec.schedule(),
        spec.clipNorm(),
        data.sensitive().declaration().declaredUnits(),
        data.classes(),
        start(data.labeled(), units, data.classes()));
  }

  /** The public-only head on the same features; zero without public labels. */
  private double[] start(ExampleSet labeled, FeatureMap units, int classes) {
    double[] start = new double[classes * units.dimension()];
    if (labeled.size() == 0) {
      return start;
    }
    // A feature of unit vectors has 1/d of the mean square that the penalty is meant for.
    double[] fitted =
        RidgeRegression.fit(
                labeled,
                block ->
                    new RidgeRegression.Rows(units.apply(block.features()), block.oneHotLabels()),
                spec.publicOnly().headPenalty() / units.dimension())
            .transpose()
            .dup('c')
            .data()
            .asDouble();
    for (int i = 0; i < start.length; i++) {
      start[i] = fitted[i] / START_TEMPERATURE;
    }
    return start;
  }

  /** One descent, as it goes on from step to step. */
  private final class Descent {
    private final SensitiveDataset sensitive;
    private final FeatureMap units;
    private final HeadDescent.Recipe recipe;
    private final GradientRelease release;
    private @Nullable ClippedGradient gradient;

    Descent(
        SensitiveDataset sensitive,
        FeatureMap units,
        HeadDescent.Recipe recipe,
        GradientRelease release) {
      this.sensitive = sensitive;
      this.units = units;
      this.recipe = recipe;
      this.release = release;
    }

    List<ReleasedVectors> released(ReleasedSteps steps) {
      HeadDescent descent = recipe.begin();
      List<ReleasedVectors> released = new ArrayList<>();
      int planned = recipe.schedule().steps();
      Optional<ReleasedVectors> step = Optional.empty();
      do {
        progress.update("private head", descent.taken(), planned);
        step = steps.next("", query -> request(descent, query));
        step.ifPresent(
            found -> {
              released.add(found);
              descent.step(found.row(0));
            });
      } while (step.isPresent() && descent.taken() < planned);
      progress.update("private head", planned, planned);
      return released;
    }

    private ReleaseRequest request(HeadDescent descent, String query) {
      return ReleaseRequest.builder()
          .account(release.account())
          .runId(release.runId())
          .purpose("gradient of a private head, step " + (descent.taken() + 1))
          .queryDigest(query)
          .boundedAnswers(new double[][] {gradient().at(descent.weights())})
          .l2SensitivityPerRow(release.l2Sensitivity())
          .noiseMultiplier(release.noiseMultiplier())
          .build();
    }

    /** A training that takes up all its steps needs no gradient. */
    private ClippedGradient gradient() {
      ClippedGradient found = gradient;
      if (found == null) {
        // One shard holds every record, sorted by unit and content.
        ExampleSet records = sensitive.shards(1, SHARD_KEY.getBytes(UTF_8)).get(0);
        found =
            new ClippedGradient(HeadRecords.of(records, units), recipe.classes(), spec.clipNorm());
        gradient = found;
      }
      return found;
    }
  }
}
