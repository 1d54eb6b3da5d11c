package io.rona.privacy.certificate;

import io.rona.privacy.Adjacency;
import java.util.OptionalDouble;

/**
 * The numbers of a guarantee, with everything they depend on.
 *
 * <p>The release is \( (\varepsilon, \delta) \)-differentially private for neighbors under the
 * relation that differ in one privacy unit.
 *
 * @param epsilon the privacy loss bound of this release, in nats; finite and at least 0, an upper
 *     bound
 * @param delta the probability mass the bound may miss; less than 1/declaredUnits
 * @param adjacency the neighboring relation
 * @param privacyUnit what one unit is, such as {@code record} or the name of an id column
 * @param declaredUnits the number of units the curator declares; under add-remove the true number
 *     is itself sensitive and stands nowhere
 * @param accountant which accountant gave epsilon
 * @param accountantVersion the version of that accountant
 * @param rdpEpsilon what the R&eacute;nyi (moments) accountant gives for the same events, for
 *     comparison; empty if it does not apply
 */
public record Claim(
    double epsilon,
    double delta,
    Adjacency adjacency,
    String privacyUnit,
    long declaredUnits,
    String accountant,
    String accountantVersion,
    OptionalDouble rdpEpsilon) {
  /**
   * Checks the ranges; NaN fails.
   *
   * @param epsilon the privacy loss bound
   * @param delta the probability mass the bound may miss
   * @param adjacency the neighboring relation
   * @param privacyUnit what one unit is
   * @param declaredUnits the declared number of units
   * @param accountant which accountant gave epsilon
   * @param accountantVersion the version of that accountant
   * @param rdpEpsilon what the R&eacute;nyi accountant gives
   * @throws IllegalArgumentException if a value is out of range or missing
   */
  public Claim {
    Texts.nonNegativeFinite("epsilon", epsilon);
    Texts.openProbability("delta", delta);
    Texts.present("adjacency", adjacency);
    Texts.text("privacyUnit", privacyUnit);
    Texts.atLeastOne("declaredUnits", declaredUnits);
    Texts.text("accountant", accountant);
    Texts.text("accountantVersion", accountantVersion);
    rdpEpsilon.ifPresent(value -> Texts.nonNegativeFinite("rdpEpsilon", value));
  }
}
