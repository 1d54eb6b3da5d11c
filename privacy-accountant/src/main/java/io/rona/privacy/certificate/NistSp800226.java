package io.rona.privacy.certificate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A claim laid open along NIST Special Publication 800-226.
 *
 * <p>Near, Darais, Lefkovitz and Howarth (2025), Guidelines for Evaluating Differential Privacy
 * Guarantees, <a href="https://doi.org/10.6028/NIST.SP.800-226">NIST SP 800-226</a>: a number alone
 * says little, and each of these can undo it. The order is that of the publication's pyramid, from
 * the number down to the data.
 *
 * @param unit what a privacy unit is, and which data sets are neighbors
 * @param parameters epsilon and delta, and what they bound
 * @param trustModel who sees the raw data and is trusted with it
 * @param mechanism what is computed and how it is made noisy
 * @param sensitivity how far one unit can move the result, and what enforces that
 * @param composition how this release adds to all others from the same data
 * @param sideChannels what could leak past the mechanism, and what is done about it
 * @param dataCollectionExposure how the data is exposed before the mechanism sees it
 * @param accessControl who can reach the raw data, the teachers and the ledger
 */
public record NistSp800226(
    String unit,
    String parameters,
    String trustModel,
    String mechanism,
    String sensitivity,
    String composition,
    String sideChannels,
    String dataCollectionExposure,
    String accessControl) {
  /**
   * Checks that every item is answered.
   *
   * @param unit what a privacy unit is
   * @param parameters epsilon and delta
   * @param trustModel who is trusted
   * @param mechanism what is computed
   * @param sensitivity how far one unit can move the result
   * @param composition how releases add up
   * @param sideChannels what could leak past the mechanism
   * @param dataCollectionExposure how the data is exposed before
   * @param accessControl who can reach what
   * @throws IllegalArgumentException if an answer is missing or too long
   */
  public NistSp800226 {
    Texts.text("unit", unit);
    Texts.text("parameters", parameters);
    Texts.text("trustModel", trustModel);
    Texts.text("mechanism", mechanism);
    Texts.text("sensitivity", sensitivity);
    Texts.text("composition", composition);
    Texts.text("sideChannels", sideChannels);
    Texts.text("dataCollectionExposure", dataCollectionExposure);
    Texts.text("accessControl", accessControl);
  }

  /**
   * Lists the items in the order of the publication, with headings for people.
   *
   * @return heading and answer
   */
  public Map<String, String> items() {
    Map<String, String> items = new LinkedHashMap<>();
    items.put("Unit of privacy", unit);
    items.put("Privacy parameters", parameters);
    items.put("Trust model", trustModel);
    items.put("Mechanism", mechanism);
    items.put("Sensitivity", sensitivity);
    items.put("Composition", composition);
    items.put("Side channels", sideChannels);
    items.put("Data collection exposure", dataCollectionExposure);
    items.put("Access control", accessControl);
    return items;
  }
}
