package io.rona.student.loss;

/**
 * The distillation losses, by name. {@code docs/math/losses.md} has their formulas and sources.
 *
 * <p>Notation: \( z \) logits, \( p = \mathrm{softmax}(z / \tau) \), S student, T teacher, \( n \)
 * the batch. A loss says which shapes it takes; the first dimension is always the batch.
 */
public final class Losses {

  private Losses() {}

  // At the logits, of shape [n, classes] or [n, positions, classes].

  /**
   * Cross entropy of soft targets, \( -\sum_c p_T \log p_S \); terms are positions.
   *
   * @param temperature softens the student, and the teacher's logits
   * @param form what the teacher's tensor holds
   * @param reduction over positions
   * @return the loss
   */
  public static Loss softCrossEntropy(
      Temperature temperature, TeacherForm form, Reduction reduction) {
    return new LogitLoss(LogitLoss.crossEntropy(form), temperature, reduction);
  }

  /**
   * Kullback-Leibler divergence, \( \sum_c p_T \log (p_T / p_S) \); terms are positions.
   *
   * @param temperature softens the student, and the teacher's logits
   * @param form what the teacher's tensor holds; probabilities must be at least 0
   * @param reduction over positions
   * @return the loss
   */
  public static Loss divergence(Temperature temperature, TeacherForm form, Reduction reduction) {
    return new LogitLoss(LogitLoss.forwardDivergence(form), temperature, reduction);
  }

  /**
   * Reverse divergence, \( \sum_c p_S \log (p_S / p_T) \), which seeks the teacher's modes.
   *
   * @param temperature softens the student, and the teacher's logits
   * @param form what the teacher's tensor holds; the loss is infinite where a probability is 0
   * @param reduction over positions
   * @return the loss
   */
  public static Loss reverseDivergence(
      Temperature temperature, TeacherForm form, Reduction reduction) {
    return new LogitLoss(LogitLoss.reverseDivergence(form), temperature, reduction);
  }

  /**
   * Mean squared difference of logits divided by the temperature, over all elements. No factor \(
   * \tau^2 \) unless the temperature asks for it.
   *
   * @param temperature divides both
   * @return the loss
   */
  public static Loss logitError(Temperature temperature) {
    return new LogitLoss(LogitLoss::squaredError, temperature, Reduction.MEAN);
  }

  /**
   * Cross entropy of public labels; positions whose mask is 0 need no valid label.
   *
   * @param reduction over positions
   * @return the loss
   */
  public static Loss labels(Reduction reduction) {
    return new LabelLoss(reduction);
  }

  /**
   * Hinton's sum \( \alpha H(y, p_S) + \beta L \) of label loss and soft loss.
   *
   * @param alpha weight of the labels
   * @param beta weight of the soft loss
   * @param soft compares logits
   * @return the loss
   */
  public static Loss combined(double alpha, double beta, Loss soft) {
    return Loss.sum(labels(Reduction.MEAN).times(alpha), soft.times(beta));
  }

  /**
   * Another loss on standardized logits, \( (z - \bar z) / (s + \epsilon) \), s unbiased.
   *
   * @param loss compares logits
   * @param epsilon addend on the deviation, at least 0; the published value is 1e-7
   * @return the loss
   */
  public static Loss standardized(Loss loss, double epsilon) {
    return new StandardizedLogits(loss, epsilon);
  }

  /**
   * One minus Pearson's correlations of predictions within examples and within classes (DIST).
   *
   * @param temperature softens both
   * @param withinExample weight of the mean over examples
   * @param withinClass weight of the mean over classes
   * @return the loss, of {@code [n, classes]}
   */
  public static Loss classCorrelation(
      Temperature temperature, double withinExample, double withinClass) {
    return new ClassCorrelation(temperature, withinExample, withinClass);
  }

  // At features.

  /**
   * Squared difference, of any one shape: hints, hidden states, embeddings, attention scores.
   *
   * @param reduction over elements
   * @return the loss
   */
  public static Loss squaredError(Reduction reduction) {
    return new SquaredError(reduction);
  }

  /**
   * Another loss behind a linear regressor on the student's tensor. Its parameters, before those of
   * the other: weights {@code [outputs, inputs]} (or {@code [outputs, inputs, 1, 1]}) and biases
   * {@code [outputs]}.
   *
   * @param loss compares the regressor's output with the teacher
   * @param axis dimension the regressor works along
   * @return the loss
   */
  public static Loss projected(Loss loss, RegressorAxis axis) {
    return new Projected(loss, axis);
  }

  /**
   * Variational information distillation, \( \frac12 ((\mu - t)^2 / v_c + \log v_c) \), \( v_c =
   * \log(1 + e^{\rho_c}) + \epsilon \); terms are elements. Its parameter is \( \rho \), one a
   * channel (the second dimension).
   *
   * @param epsilon smallest variance, at least 0; the published value is 1e-5
   * @param reduction over elements
   * @return the loss
   */
  public static Loss variationalInformation(double epsilon, Reduction reduction) {
    return new MapLosses.VariationalInformation(epsilon, reduction);
  }

  /**
   * One minus the cosine of hidden states, on average over positions that the mask leaves.
   *
   * @return the loss, of {@code [n, features]} or {@code [n, positions, features]}
   */
  public static Loss cosine() {
    return new SequenceLosses.Cosine();
  }

  /**
   * Squared distance of the unit vectors of each sequence's first position (PKD).
   *
   * @return the loss, of {@code [n, features]} or {@code [n, positions, features]}
   */
  public static Loss firstPosition() {
    return new SequenceLosses.FirstPosition();
  }

  /**
   * Factor transfer: distance of the unit vectors of each example.
   *
   * @param power 1 for the mean absolute difference of elements; else the mean over examples of the
   *     norm of this order, above 1
   * @return the loss
   */
  public static Loss factorTransfer(double power) {
    requireNormOrder(power);
    return new SequenceLosses.Factors(power);
  }

  /**
   * Losses of attention scores.
   *
   * @param crossEntropy true for the cross entropy of their softmaxes over positions attended to,
   *     false for the squared difference
   * @param heads what becomes of the heads first
   * @return the loss, of {@code [n, heads, positions, positions]}, with a mask of {@code [n,
   *     positions]}; without a mask, scores of at most -1e-3 count as masked
   */
  public static Loss attention(boolean crossEntropy, AttentionHeads heads) {
    return new AttentionLoss(crossEntropy, heads);
  }

  /**
   * Attention transfer between convolution layers.
   *
   * @param form its reduction
   * @return the loss, of {@code [n, channels, height, width]}; channels may differ
   */
  public static Loss attentionTransfer(AttentionForm form) {
    return new AttentionTransfer(form);
  }

  /**
   * Flow of solution between two convolution layers of each network.
   *
   * @param form how matrices are compared
   * @return the loss, of two student and two teacher tensors {@code [n, channels, height, width]};
   *     the larger map of a pair is pooled to the smaller's size
   */
  public static Loss flow(FlowForm form) {
    return new PairLosses.Flow(form);
  }

  /**
   * Products of two layers of sequences; one layer alone is paired with itself.
   *
   * @param of what is multiplied
   * @return the loss, of one or two tensors {@code [n, positions, features]} a network, with a mask
   *     of 0 and 1
   */
  public static Loss products(PairProduct of) {
    return new PairLosses.Products(of);
  }

  /**
   * Correlations of each example's channels (ICKD).
   *
   * @return the loss, of {@code [n, channels, ...]}; positions may differ
   */
  public static Loss channelCorrelation() {
    return new MapLosses.ChannelCorrelation();
  }

  /**
   * Squared hinge at the teacher's activation boundaries, summed over elements, divided by n.
   *
   * @param margin by which the student shall be on the teacher's side, at least 0
   * @return the loss, of any one shape
   */
  public static Loss activationBoundary(double margin) {
    return new MapLosses.ActivationBoundary(margin);
  }

  // Among the examples of a batch: widths of student and teacher may differ.

  /**
   * Similarity-preserving distillation: \( \|\hat G_S - \hat G_T\|_F^2 / n^2 \), \( G = Z Z^T \).
   *
   * @param power order of the norm that rows of G are divided by: 2 in the paper, 1 in some code
   * @return the loss
   */
  public static Loss similarityPreserving(double power) {
    requireNormOrder(power);
    return new GramLosses.SimilarityPreserving(power);
  }

  /**
   * Correlation congruence: \( \|K_S - K_T\|_F / n^2 \) under the Gaussian kernel's series \( e^{-2
   * \gamma} \sum_{p \le P} (2 \gamma)^p (x_i \cdot x_j)^p / p! \). Rows should be unit vectors.
   *
   * @param gamma of the kernel
   * @param order P, at least 0
   * @return the loss
   */
  public static Loss correlationCongruence(double gamma, int order) {
    return new GramLosses.CorrelationCongruence(gamma, order);
  }

  /**
   * Probabilistic knowledge transfer: divergence of row-normalized similarities \( (\cos + 1) / 2
   * \); terms are pairs of examples.
   *
   * @param epsilon addend on norms and probabilities; the published value is 1e-7
   * @param reduction over pairs: {@link Reduction#MEAN} divides by \( n^2 \)
   * @param symmetric true to add the reverse divergence
   * @return the loss
   */
  public static Loss probabilisticTransfer(double epsilon, Reduction reduction, boolean symmetric) {
    return new GramLosses.ProbabilisticTransfer(epsilon, reduction, symmetric, false);
  }

  /**
   * Probabilistic knowledge transfer to similarities that are given, such as {@link
   * #sameLabelSimilarities}.
   *
   * @param epsilon addend on norms and probabilities
   * @param reduction over pairs
   * @param symmetric true to add the reverse divergence
   * @return the loss; the teacher's tensor is {@code [n, n]}, its rows sum to 1
   */
  public static Loss similarityTransfer(double epsilon, Reduction reduction, boolean symmetric) {
    return new GramLosses.ProbabilisticTransfer(epsilon, reduction, symmetric, true);
  }

  /**
   * Similarities by public labels.
   *
   * @param labels one class an example; not modified
   * @return {@code [n, n]}: even shares among the examples of an example's class
   */
  public static Tensor sameLabelSimilarities(int[] labels) {
    return GramLosses.sameLabel(labels);
  }

  /**
   * Quadratic mutual information of embeddings and labels, \( V_{IN} + V_{ALL} - 2 V_{BTW} \) under
   * the kernel \( (\cos + 1) / 2 \). It is to be large: weigh it negatively to train.
   *
   * @param epsilon addend on norms; the published value is 1e-7
   * @return the value, of the student's {@code [n, features]} and labels
   */
  public static Loss quadraticMutualInformation(double epsilon) {
    return new GramLosses.QuadraticMutualInformation(epsilon);
  }

  /**
   * Relational distillation of distances relative to their mean, mean over \( n^2 \) pairs of the
   * Huber function.
   *
   * @return the loss
   */
  public static Loss relationalDistance() {
    return new RelationalLosses.Distance();
  }

  /**
   * Relational distillation of angles, mean over \( n^3 \) triplets of the Huber function.
   *
   * @return the loss
   */
  public static Loss relationalAngle() {
    return new RelationalLosses.Angle();
  }

  private static void requireNormOrder(double power) {
    if (!(power >= 1 && power < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("norm's order must be at least 1, but is " + power);
    }
  }
}
