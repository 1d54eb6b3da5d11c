package io.rona.student.loss;

import static java.util.Map.entry;

import io.rona.student.loss.LossVectors.Case;
import io.rona.student.loss.LossVectors.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a case of each kind of file is run. */
final class LossKinds {

  private static final Map<String, Runner> RUNNERS =
      Map.ofEntries(
          entry("attention_transfer", LossKinds::attentionTransfer),
          entry("dist", LossKinds::classCorrelation),
          entry("dp_release_teacher_output", LossKinds::release),
          entry("fsp_cnn", LossKinds::flow),
          entry("hint_l2_conv1x1", LossKinds::convolutionHint),
          entry("hint_l2_linear", LossKinds::linearHint),
          entry("hinton_combined", LossKinds::combined),
          entry("kd_ce_soft", LossKinds::softCrossEntropy),
          entry("kd_kl", LossKinds::divergence),
          entry("kd_mse_logits", LossKinds::logitError),
          entry("kd_reverse_symmetric_kl", LossKinds::reverse),
          entry("logit_standardised_kd", LossKinds::standardized),
          entry("multi_teacher", LossKinds::manyTeachers),
          entry("pkt", LossKinds::probabilisticTransfer),
          entry("probability_shift", LossKinds::probabilityShift),
          entry("qmi_cosine", LossKinds::mutualInformation),
          entry("rkd", LossKinds::relational),
          entry("rona_reference_bounded_loss", LossKinds::publishedLoss),
          entry("similarity_preserving", LossKinds::similarityPreserving),
          entry("temperature_schedulers", LossKinds::temperatures),
          entry("textbrewer_attention", LossKinds::attention),
          entry("textbrewer_gram_mmd", LossKinds::products),
          entry("textbrewer_hidden", LossKinds::hidden),
          entry("tinybert", LossKinds::tinyBert),
          entry("vid", LossKinds::variational),
          entry("zoo_misc", LossKinds::zoo));

  private LossKinds() {}

  /** Runs one case. */
  @FunctionalInterface
  interface Runner {
    Outcome run(Case of);
  }

  static Optional<Runner> of(String file) {
    return Optional.ofNullable(RUNNERS.get(file));
  }

  private static IllegalArgumentException unknown(Case of) {
    return new IllegalArgumentException("no rule for case " + of);
  }

  private static LossInput logits(Case of) {
    LossInput input = LossInput.of(of.input("z_s"), of.input("z_t"));
    return of.inputs("tau").isEmpty() ? input : input.withTemperatures(of.input("tau"));
  }

  private static LossInput embeddings(Case of) {
    return LossInput.of(of.input("e_s"), of.input("e_t"));
  }

  private static LossInput maps(Case of) {
    return LossInput.of(of.input("f_s"), of.input("f_t"));
  }

  private static LossInput masked(Case of, LossInput input) {
    return of.has("mask") ? input.withMask(of.input("mask")) : input;
  }

  private static double temperature(Case of) {
    return of.inputs("tau").isEmpty() ? of.number("tau", 1) : 1;
  }

  private static Reduction reduction(Case of, String otherwise) {
    String name = of.text("reduction", otherwise);
    return switch (name) {
      case "mean" -> Reduction.MEAN;
      case "batchmean", "sum_batchmean" -> Reduction.BATCH_MEAN;
      case "half_batchmean" -> Reduction.HALF_BATCH_MEAN;
      case "sum" -> Reduction.SUM;
      default -> throw new IllegalArgumentException("no reduction " + name + " in " + of);
    };
  }

  private static Outcome attentionTransfer(Case of) {
    AttentionForm form = AttentionForm.valueOf(of.text("mode", of.id()).toUpperCase(Locale.ROOT));
    return Outcome.of(Losses.attentionTransfer(form).evaluate(maps(of)), "f_s");
  }

  private static Outcome classCorrelation(Case of) {
    Loss loss =
        Losses.classCorrelation(
            Temperature.scaled(of.number("tau")), of.number("beta", 1), of.number("gamma", 1));
    return Outcome.of(loss.evaluate(logits(of)), "z_s");
  }

  /** The release itself is the teachers' side's; its arithmetic is written out here. */
  private static Outcome release(Case of) {
    if (!of.has("t")) {
      LossInput input = LossInput.of(of.input("f_s"), of.input("rel"));
      return Outcome.of(Losses.squaredError(Reduction.MEAN).evaluate(input), "f_s");
    }
    Tensor answers = of.input("t");
    double[] noise = of.input("xi").values();
    double bound = of.number("Cb");
    double deviation = of.number("sigma") * bound;
    Matrix rows = answers.rows();
    double[] norms = RowNorms.of(rows, 2).values();
    double[] clipped = answers.toDoubles();
    double[] released = new double[clipped.length];
    for (int i = 0; i < clipped.length; i++) {
      clipped[i] *= Math.min(1, bound / norms[i / rows.columns()]);
      released[i] = clipped[i] + deviation * noise[i];
    }
    return Outcome.of(
        Map.of(
            "clipped", answers.with(clipped),
            "released", answers.with(released),
            "norms", Tensor.of(new int[] {norms.length}, norms)));
  }

  private static Outcome flow(Case of) {
    FlowForm form =
        FlowForm.valueOf(of.id().startsWith("column_norm") ? "COLUMN_NORM" : requireFrobenius(of));
    LossInput input =
        LossInput.of(
            List.of(of.input("f1"), of.input("f2")), List.of(of.input("t1"), of.input("t2")));
    return Outcome.of(Losses.flow(form).evaluate(input), "f1", "f2");
  }

  private static String requireFrobenius(Case of) {
    if (!of.id().startsWith("squared_frobenius")) {
      throw unknown(of);
    }
    return "SQUARED_FROBENIUS";
  }

  private static Outcome linearHint(Case of) {
    return hint(of, RegressorAxis.FEATURES);
  }

  private static Outcome convolutionHint(Case of) {
    String layout = of.text("layout", "NCHW");
    return hint(of, layout.equals("NCHW") ? RegressorAxis.CHANNELS : RegressorAxis.FEATURES);
  }

  private static Outcome hint(Case of, RegressorAxis axis) {
    Loss loss = Losses.projected(Losses.squaredError(reduction(of, "mean")), axis);
    LossInput input = maps(of).withParameters(List.of(of.input("W"), of.input("b_")));
    return Outcome.of(loss.evaluate(input), "f_s", "W", "b_");
  }

  private static Outcome combined(Case of) {
    LossInput input = logits(of).withLabels(of.labels("y"));
    String convention = of.text("convention", "A");
    Loss loss =
        switch (convention) {
          case "A" ->
              Losses.combined(
                  of.number("alpha"),
                  of.number("beta"),
                  Losses.divergence(
                      Temperature.scaled(of.number("tau")),
                      TeacherForm.LOGITS,
                      Reduction.BATCH_MEAN));
          case "B" ->
              Losses.combined(
                  of.number("alpha"),
                  of.number("beta"),
                  soft(Temperature.of(of.has("rho") ? of.number("rho") : of.number("tau"))));
          case "C" -> {
            double ratio = of.has("kd_ratio") ? of.number("kd_ratio") : of.number("r");
            yield Losses.combined(1 - ratio, ratio, soft(Temperature.of(of.number("tau", 1))));
          }
          default -> throw unknown(of);
        };
    return Outcome.of(loss.evaluate(input), "z_s");
  }

  private static Loss soft(Temperature temperature) {
    return Losses.softCrossEntropy(temperature, TeacherForm.LOGITS, Reduction.MEAN);
  }

  private static Temperature scaled(Case of) {
    return new Temperature(temperature(of), of.flag("scale_tau2"));
  }

  private static Outcome softCrossEntropy(Case of) {
    return Outcome.of(soft(scaled(of)).evaluate(masked(of, logits(of))), "z_s");
  }

  private static Outcome divergence(Case of) {
    Loss loss = Losses.divergence(scaled(of), TeacherForm.LOGITS, reduction(of, "batchmean"));
    return Outcome.of(loss.evaluate(masked(of, logits(of))), "z_s");
  }

  private static Outcome logitError(Case of) {
    return Outcome.of(Losses.logitError(scaled(of)).evaluate(logits(of)), "z_s");
  }

  private static Outcome reverse(Case of) {
    Temperature temperature = scaled(of);
    Loss backward = Losses.reverseDivergence(temperature, TeacherForm.LOGITS, Reduction.MEAN);
    Loss forward = soft(temperature);
    Loss loss;
    if (of.id().startsWith("symmetric")) {
      double ratio = of.number("sym_kd_ratio", 0.5);
      loss = Loss.sum(forward.times(ratio), backward.times(1 - ratio));
    } else if (of.id().startsWith("reverse")) {
      loss = backward;
    } else if (of.id().startsWith("forward_ce")) {
      loss = forward;
    } else {
      throw unknown(of);
    }
    LossInput input = logits(of);
    if (of.has("labels")) {
      int ignored = (int) of.number("ignore_index", -100);
      input = input.withLabels(of.labels("labels")).ignoring(ignored);
    }
    return Outcome.of(loss.evaluate(input), "z_s");
  }

  private static Outcome standardized(Case of) {
    Loss soft =
        Losses.standardized(
            Losses.divergence(
                Temperature.scaled(of.number("tau")), TeacherForm.LOGITS, Reduction.BATCH_MEAN),
            of.number("eps", 1e-7));
    Loss loss = Losses.combined(of.number("alpha"), of.number("beta"), soft);
    return Outcome.of(loss.evaluate(logits(of).withLabels(of.labels("y"))), "z_s");
  }

  private static Outcome manyTeachers(Case of) {
    List<Tensor> teachers = of.inputs("z_t").stream().map(of::input).toList();
    Temperature temperature = scaled(of);
    boolean averagesLogits = of.id().startsWith("A");
    if (!averagesLogits && !of.id().startsWith("B")) {
      throw unknown(of);
    }
    Loss loss =
        Losses.softCrossEntropy(
            temperature,
            averagesLogits ? TeacherForm.LOGITS : TeacherForm.PROBABILITIES,
            Reduction.MEAN);
    Tensor teacher =
        averagesLogits
            ? Teachers.mean(teachers)
            : Teachers.meanProbabilities(teachers, temperature.value());
    return Outcome.of(loss.evaluate(LossInput.of(of.input("z_s"), teacher)), "z_s");
  }

  private static Outcome probabilisticTransfer(Case of) {
    double epsilon = of.number("eps", 1e-7);
    Reduction reduction = reduction(of, "mean");
    boolean symmetric = of.flag("symmetric");
    if (of.has("t_")) {
      Loss loss = Losses.similarityTransfer(epsilon, reduction, symmetric);
      return Outcome.of(loss.evaluate(LossInput.of(of.input("e_s"), of.input("t_"))), "e_s");
    }
    Loss loss = Losses.probabilisticTransfer(epsilon, reduction, symmetric);
    return Outcome.of(loss.evaluate(embeddings(of)), "e_s");
  }

  private static Outcome probabilityShift(Case of) {
    return Outcome.of(
        Map.of("z_t_shifted", Teachers.shiftedToLabels(of.input("z_t"), of.labels("y"))));
  }

  private static Outcome mutualInformation(Case of) {
    LossInput input = LossInput.of(List.of(of.input("e_s")), List.of()).withLabels(of.labels("y"));
    Loss loss = Losses.quadraticMutualInformation(of.number("eps", 1e-7));
    return Outcome.of(loss.evaluate(input), "e_s");
  }

  private static Outcome relational(Case of) {
    Loss distance = Losses.relationalDistance();
    Loss angle = Losses.relationalAngle();
    Loss loss;
    if (of.has("dist_factor") || of.has("angle_factor")) {
      loss =
          Loss.sum(
              distance.times(of.number("dist_factor", 0)),
              angle.times(of.number("angle_factor", 0)));
    } else if (of.id().startsWith("distance")) {
      loss = distance.times(of.number("weight", 1));
    } else if (of.id().startsWith("angle")) {
      loss = angle.times(of.number("weight", 1));
    } else {
      throw unknown(of);
    }
    return Outcome.of(loss.evaluate(embeddings(of)), "e_s");
  }

  private static Outcome publishedLoss(Case of) {
    // The noise is given; sigma only says how it was drawn.
    of.number("sigma");
    Loss loss = new PublishedBoundedLoss(of.number("B"), of.input("xi"));
    LossInput input = maps(of).withParameters(List.of(of.input("W"), of.input("b_")));
    return Outcome.of(
        Losses.projected(loss, RegressorAxis.CHANNELS).evaluate(input), "f_s", "W", "b_");
  }

  private static Outcome similarityPreserving(Case of) {
    Loss loss = Losses.similarityPreserving(of.number("p"));
    return Outcome.of(loss.evaluate(embeddings(of)), "e_s");
  }

  private static Outcome temperatures(Case of) {
    Temperatures.Base base = new Temperatures.Base(of.number("base"), of.number("beta"));
    Tensor student = of.input("z_s");
    if (of.id().startsWith("cwsm")) {
      if (of.has("z_t")) {
        of.input("z_t");
      }
      return Outcome.of(
          Map.of("tau", Temperatures.byConfidence(student, base, of.number("eps", 1e-3))));
    }
    if (!of.id().startsWith("flsw")) {
      throw unknown(of);
    }
    Temperatures.Cosine cosine =
        new Temperatures.Cosine(of.number("gamma"), of.number("eps", 1e-4));
    return Outcome.of(
        Map.of("tau", Temperatures.byDifference(student, of.input("z_t"), base, cosine)));
  }

  private static Outcome attention(Case of) {
    Loss loss =
        switch (of.id().replaceFirst("_masked$", "")) {
          case "attention_mse" -> Losses.attention(false, AttentionHeads.EACH);
          case "attention_mse_sum" -> Losses.attention(false, AttentionHeads.SUM);
          case "attention_ce" -> Losses.attention(true, AttentionHeads.EACH);
          case "attention_ce_mean" -> Losses.attention(true, AttentionHeads.MEAN);
          default -> throw unknown(of);
        };
    LossInput input = masked(of, LossInput.of(of.input("A_s"), of.input("A_t")));
    return Outcome.of(loss.evaluate(input), "A_s");
  }

  private static Outcome products(Case of) {
    boolean overFeatures = of.id().contains("gram") || of.id().contains("fsp");
    if (!overFeatures && !of.id().contains("mmd") && !of.id().contains("nst")) {
      throw unknown(of);
    }
    Loss loss = Losses.products(overFeatures ? PairProduct.FEATURES : PairProduct.POSITIONS);
    String[] students = of.inputs("s").toArray(String[]::new);
    LossInput input =
        LossInput.of(
            Arrays.stream(students).map(of::input).toList(),
            of.inputs("t").stream().map(of::input).toList());
    return Outcome.of(loss.evaluate(masked(of, input)), students);
  }

  private static Outcome hidden(Case of) {
    Loss loss =
        switch (of.id().replaceFirst("_masked$", "")) {
          case "hidden_mse" -> Losses.squaredError(Reduction.MEAN);
          case "cos" -> Losses.cosine();
          case "pkd" -> Losses.firstPosition();
          default -> throw unknown(of);
        };
    LossInput input = masked(of, LossInput.of(of.input("H_s"), of.input("H_t")));
    return Outcome.of(loss.evaluate(input), "H_s");
  }

  private static Outcome tinyBert(Case of) {
    if (of.id().startsWith("pred")) {
      return Outcome.of(soft(Temperature.of(of.number("t", 1))).evaluate(logits(of)), "z_s");
    }
    Loss error = Losses.squaredError(Reduction.MEAN);
    if (of.id().startsWith("attn")) {
      return Outcome.of(error.evaluate(LossInput.of(of.input("A_s"), of.input("A_t"))), "A_s");
    }
    LossValue hidden = tinyBertHidden(of);
    if (!of.id().startsWith("layer_total")) {
      if (!of.id().startsWith("hidn") && !of.id().startsWith("embd")) {
        throw unknown(of);
      }
      return Outcome.of(hidden, "H_s", "W");
    }
    LossValue attention = error.evaluate(LossInput.of(of.input("A_s"), of.input("A_t")));
    LossValue total =
        new LossValue(
            attention.value() + hidden.value(),
            List.of(attention.student().get(0), hidden.student().get(0)),
            hidden.parameters());
    return Outcome.of(total, "A_s", "H_s", "W");
  }

  /** The paper writes H W, without a bias: the transpose of a linear layer's weights. */
  private static LossValue tinyBertHidden(Case of) {
    Tensor weights = of.input("W");
    Tensor bias = Tensor.of(new int[] {weights.length(1)}, new double[weights.length(1)]);
    LossInput input =
        LossInput.of(of.input("H_s"), of.input("H_t"))
            .withParameters(List.of(transposed(weights), bias));
    LossValue value =
        Losses.projected(Losses.squaredError(Reduction.MEAN), RegressorAxis.FEATURES)
            .evaluate(input);
    return new LossValue(
        value.value(), value.student(), List.of(transposed(value.parameters().get(0))));
  }

  private static Tensor transposed(Tensor matrix) {
    int[] shape = {matrix.length(1), matrix.length(0)};
    return Tensor.of(shape, matrix.rows().transposed().values());
  }

  private static Outcome variational(Case of) {
    Loss loss = Losses.variationalInformation(of.number("eps", 1e-5), reduction(of, "mean"));
    LossInput input =
        LossInput.of(of.input("mu"), of.input("t")).withParameters(List.of(of.input("rho")));
    return Outcome.of(loss.evaluate(input), "mu", "rho");
  }

  private static Outcome zoo(Case of) {
    if (of.id().startsWith("factor_transfer")) {
      Loss loss = Losses.factorTransfer(of.number("p"));
      return Outcome.of(loss.evaluate(embeddings(of)), "e_s");
    }
    if (of.id().startsWith("cckd_gaussian")) {
      Loss loss = Losses.correlationCongruence(of.number("gamma"), (int) of.number("max_p"));
      return Outcome.of(loss.evaluate(embeddings(of)), "e_s");
    }
    if (of.id().startsWith("ickd")) {
      return Outcome.of(Losses.channelCorrelation().evaluate(maps(of)), "f_s");
    }
    if (of.id().startsWith("activation_boundary")) {
      Loss loss = Losses.activationBoundary(of.number("margin"));
      return Outcome.of(loss.evaluate(maps(of)), "f_s");
    }
    throw unknown(of);
  }
}
