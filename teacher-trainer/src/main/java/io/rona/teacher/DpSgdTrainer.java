package io.rona.teacher;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rona.privacy.Adjacency;
import io.rona.privacy.ledger.BudgetExceededException;
import io.rona.privacy.release.ReleasedVectors;
import io.rona.privacy.release.StepsRequest;
import io.rona.query.NetworkDescent;
import io.rona.query.ReleasedNetwork;
import io.rona.query.data.ExampleSet;
import io.rona.query.engine.Network;
import io.rona.query.engine.NetworkSpec;
import io.rona.query.engine.NetworkTrainer;
import io.rona.query.engine.Progress;
import io.rona.teacher.data.SensitiveDataset;
import io.rona.teacher.data.SensitiveDeclaration;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network on all sensitive records by DP-SGD (Abadi et al., 2016, Deep Learning with
 * Differential Privacy), each step's gradient released through the guard.
 *
 * <h2>Privacy guarantees</h2>
 *
 * <p>In each step every record takes part on its own with probability \( q = B / n \), \( B \) the
 * expected batch and \( n \) the <em>declared</em> number of units. Released is the sum of the
 * gradients of those who do, each clipped to norm 1 in multiples of the clip norm, with Gaussian
 * noise of \( z \) times that: a Poisson-sampled Gaussian mechanism under add-remove, and under
 * either relation a plain one if \( q = 1 \). The sum is divided by \( B \), an empty sample steps
 * along its noise, and the weights of the next step and the network itself are post-processing. The
 * start comes from public data.
 *
 * <p>Every record must be a privacy unit. Steps are reserved in blocks; each block is kept durably
 * before it is committed. A stopped training goes on behind the last block kept and pays for none
 * of them again; a block that was begun and not kept stays spent.
 */
public final class DpSgdTrainer {

  private static final String SHARD_KEY = "dp-sgd";
  private static final String STAGE = "dp-sgd teacher";

  private final DpSgdSpec spec;
  private final EnsembleStore store;
  private final SecureRandom random;
  private final Progress progress;

  /**
   * Prepares a training.
   *
   * @param spec how the network is trained
   * @param store where the start and the public backbone are kept
   * @param random secret randomness that draws who takes part
   * @param progress hears of every step
   */
  public DpSgdTrainer(DpSgdSpec spec, EnsembleStore store, SecureRandom random, Progress progress) {
    this.spec = spec;
    this.store = store;
    this.random = random;
    this.progress = progress;
  }

  /**
   * Probability that a record takes part in a step.
   *
   * @param expectedBatch expected number of records in a step
   * @param declaredUnits declared number of privacy units
   * @param adjacency the neighboring relation
   * @return greater than 0 and at most 1
   * @throws IllegalArgumentException if it would be above 1, or is below 1 under replace-one, whose
   *     sampled steps no accountant here can charge
   */
  public static double samplingProbability(
      long expectedBatch, long declaredUnits, Adjacency adjacency) {
    if (!(expectedBatch >= 1 && expectedBatch <= declaredUnits)) {
      throw new IllegalArgumentException(
          "expected batch must lie between 1 and the declared number of units, "
              + declaredUnits
              + ", so that the sampling rate is at most 1, but is "
              + expectedBatch);
    }
    if (adjacency != Adjacency.ADD_REMOVE && expectedBatch < declaredUnits) {
      throw new IllegalArgumentException(
          "sampled batches must be charged under add-remove, but adjacency is "
              + adjacency.label()
              + "; full batches can be charged under either");
    }
    return expectedBatch / (double) declaredUnits;
  }

  /**
   * Refuses data whose units have several records.
   *
   * @param privacyUnit what a unit is
   * @throws IllegalArgumentException if it is not the record
   */
  public static void requireUnitOfRecord(String privacyUnit) {
    if (!privacyUnit.equals(SensitiveDeclaration.RECORD)) {
      throw new IllegalArgumentException(
          "dp-sgd clips record by record, so the privacy unit must be the record, but is "
              + privacyUnit
              + "; an ensemble or a private head protects units of several records");
    }
  }

  /**
   * Trains the network, or what a stopped run left of it.
   *
   * @param data what the network learns from; each sensitive record a unit of its own
   * @param release how its gradients are released, and who pays
   * @return the network
   * @throws IOException if a checkpoint cannot be read or written
   * @throws IllegalArgumentException if records are not units, the account is of another data set,
   *     the sampling rate is above 1, a layer has no per-example gradients, or public labels are
   *     missing for pretraining
   * @throws IllegalStateException if the store is of another configuration or of other public data
   * @throws BudgetExceededException if the account refuses a block; a network that lost blocks to
   *     stopped processes does without them, if at least three quarters of the steps are there
   */
  public PrivateNetwork train(TeachingData data, GradientRelease release) throws IOException {
    double q = check(data, release);
    store.bind(out -> data.fingerprint("rona dp-sgd 2", spec, out));
    PublicOnlyModel publicOnly =
        new PublicOnlyTrainer(spec.publicOnly(), store, progress).train(data);
    SensitiveDataset sensitive = data.sensitive();
    NetworkSpec shape =
        NetworkSpec.forExamples(data.open().examples(), spec.layers(), data.classes());
    Network network = Network.create(shape, spec.publicOnly().seed());
    NetworkDescent.Recipe recipe =
        new NetworkDescent.Recipe(
            spec.schedule(),
            spec.clipNorm(),
            (double) spec.expectedBatch(),
            store.start(() -> start(network, data.labeled())));
    ReleasedSteps steps = release.steps(data, spec + " sampled at " + q, spec.blocks());
    List<ReleasedVectors> released =
        new Blocks(sensitive, network, recipe, q, release).released(steps);
    return new PrivateNetwork(publicOnly, ReleasedNetwork.of(shape, recipe, released));
  }

  /** Everything that can be refused, before anything is trained. */
  private double check(TeachingData data, GradientRelease release) {
    release.requireAccountOf(data);
    SensitiveDeclaration declaration = data.sensitive().declaration();
    requireUnitOfRecord(declaration.privacyUnit());
    if (spec.pretraining().isPresent() && data.labeled().size() == 0) {
      throw new IllegalArgumentException(
          "pretraining needs public labels, but the public data have none");
    }
    return samplingProbability(
        spec.expectedBatch(), declaration.declaredUnits(), release.account().adjacency());
  }

  /** Fresh weights, or what public labels make of them. */
  private float[] start(Network network, ExampleSet labeled) {
    spec.pretraining()
        .ifPresent(
            schedule ->
                new NetworkTrainer(
                        schedule,
                        new SplittableRandom(spec.publicOnly().seed()),
                        progress,
                        store.epochs("public-pretraining"))
                    .train(
                        network,
                        labeled,
                        "public pretraining",
                        NetworkTrainer.crossEntropy(labeled)));
    return network.weights().toFloatVector();
  }

  /** The blocks of one training, as it goes on from step to step. */
  private final class Blocks {
    private final SensitiveDataset sensitive;
    private final Network network;
    private final NetworkDescent.Recipe recipe;
    private final double samplingProbability;
    private final GradientRelease release;
    private @Nullable SampledGradient gradient;

    Blocks(
        SensitiveDataset sensitive,
        Network network,
        NetworkDescent.Recipe recipe,
        double samplingProbability,
        GradientRelease release) {
      this.sensitive = sensitive;
      this.network = network;
      this.recipe = recipe;
      this.samplingProbability = samplingProbability;
      this.release = release;
    }

    List<ReleasedVectors> released(ReleasedSteps steps) {
      NetworkDescent descent = recipe.begin();
      List<ReleasedVectors> released = new ArrayList<>();
      StepBlocks blocks = spec.stepBlocks();
      Optional<ReleasedVectors> block;
      do {
        int number = released.size();
        int before = descent.taken();
        block =
            steps.nextBlock(
                query -> request(query, before, blocks.size(number)),
                previous -> answer(descent, previous));
        block.ifPresent(
            found -> {
              released.add(found);
              // A block that is released now has been followed but for its last step.
              for (int row = descent.taken() - before; row < found.rows(); row++) {
                descent.step(found.row(row));
              }
            });
      } while (block.isPresent() && released.size() < blocks.blocks());
      progress.update(STAGE, blocks.steps(), blocks.steps());
      return released;
    }

    private double[] answer(NetworkDescent descent, double[] previous) {
      if (previous.length > 0) {
        descent.step(previous);
      }
      progress.update(STAGE, descent.taken(), spec.schedule().steps());
      return gradient().at(descent.weights());
    }

    private StepsRequest request(String query, int before, int count) {
      return new StepsRequest(
          release.account(),
          release.runId(),
          "gradients of a network, steps " + (before + 1) + " to " + (before + count),
          query,
          new StepsRequest.Steps(
              count,
              recipe.length(),
              samplingProbability,
              release.l2Sensitivity(),
              release.noiseMultiplier()));
    }

    /** A training that takes up all its blocks needs no gradient. */
    private SampledGradient gradient() {
      SampledGradient found = gradient;
      if (found == null) {
        // One shard holds every record, sorted by content.
        ExampleSet records = sensitive.shards(1, SHARD_KEY.getBytes(UTF_8)).get(0);
        found = new SampledGradient(spec, records, network, samplingProbability, random);
        gradient = found;
      }
      return found;
    }
  }
}
