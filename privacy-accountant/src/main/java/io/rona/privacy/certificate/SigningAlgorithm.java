package io.rona.privacy.certificate;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** The signature algorithms a certificate may carry. */
public enum SigningAlgorithm {
  /** Ed25519 (RFC 8032): the default; small, quick, deterministic. */
  ED25519("ed25519", "Ed25519", 64, "1.3.101.112", ""),

  /** ECDSA over P-256 with SHA-256 (FIPS 186-5), raw r and s: what most hardware tokens offer. */
  ECDSA_P256(
      "ecdsa-p256", "SHA256withECDSAinP1363Format", 64, "1.2.840.10045.2.1", "1.2.840.10045.3.1.7"),

  /** ML-DSA-44 (FIPS 204), security category 2, against quantum computers. */
  ML_DSA_44("ml-dsa-44", "ML-DSA-44", 2420, "2.16.840.1.101.3.4.3.17", ""),

  /** ML-DSA-65 (FIPS 204), security category 3, against quantum computers. */
  ML_DSA_65("ml-dsa-65", "ML-DSA-65", 3309, "2.16.840.1.101.3.4.3.18", ""),

  /** ML-DSA-87 (FIPS 204), security category 5, against quantum computers. */
  ML_DSA_87("ml-dsa-87", "ML-DSA-87", 4627, "2.16.840.1.101.3.4.3.19", "");

  private final String label;
  private final String jcaName;
  private final int signatureBytes;
  private final String oid;
  private final String parameterOid;

  SigningAlgorithm(
      String label, String jcaName, int signatureBytes, String oid, String parameterOid) {
    this.label = label;
    this.jcaName = jcaName;
    this.signatureBytes = signatureBytes;
    this.oid = oid;
    this.parameterOid = parameterOid;
  }

  /**
   * Returns the name used on the command line and in reports.
   *
   * @return for example {@code ed25519}
   */
  public String label() {
    return label;
  }

  /**
   * Returns how long every signature is.
   *
   * @return the length in bytes
   */
  public int signatureBytes() {
    return signatureBytes;
  }

  /**
   * Reads a label.
   *
   * @param label for example {@code ed25519} or {@code ml-dsa-65}
   * @return the algorithm of that name
   * @throws IllegalArgumentException if no algorithm has that label
   */
  public static SigningAlgorithm ofLabel(String label) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "algorithm must be one of " + labels() + ", but is " + label));
  }

  /** Finds the algorithm of a key by its identifier, parameters included. */
  static SigningAlgorithm ofIdentifier(AlgorithmIdentifier identifier) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.identifier().equals(identifier))
        .findFirst()
        .orElseThrow(
            () ->
                new VerificationException(
                    "key algorithm must be one of " + labels() + ", but is " + named(identifier)));
  }

  String jcaName() {
    return jcaName;
  }

  @Override
  public String toString() {
    return label;
  }

  private AlgorithmIdentifier identifier() {
    ASN1ObjectIdentifier algorithm = new ASN1ObjectIdentifier(oid);
    return parameterOid.isEmpty()
        ? new AlgorithmIdentifier(algorithm)
        : new AlgorithmIdentifier(algorithm, new ASN1ObjectIdentifier(parameterOid));
  }

  private static String labels() {
    return Arrays.stream(values()).map(SigningAlgorithm::label).collect(Collectors.joining(", "));
  }

  private static String named(AlgorithmIdentifier identifier) {
    return "OID " + identifier.getAlgorithm().getId();
  }
}
