package io.rona.privacy.certificate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A signed message: Dead Simple Signing Envelope (DSSE) 1.0, with one signature.
 *
 * <p>The signature covers the payload's type and bytes. The key id is a hint outside the signature;
 * a verifier compares it with the key that verifies. Stricter than the specification, which allows
 * two base64 alphabets, unknown members and free layout: an envelope has exactly one text, so that
 * no byte of it can change unnoticed.
 *
 * @param payloadType what the payload is; printable ASCII
 * @param payload the message, in base64
 * @param signatures the one signature
 */
record DsseEnvelope(String payloadType, String payload, List<DsseSignature> signatures) {
  private static final String WHAT = "certificate envelope";
  private static final int MAX_TYPE_CHARS = 256;

  DsseEnvelope {
    signatures = List.copyOf(signatures);
    if (!(payloadType.length() <= MAX_TYPE_CHARS
        && payloadType.chars().allMatch(c -> c > ' ' && c < 0x7f))) {
      throw new IllegalArgumentException("payloadType must be printable ASCII");
    }
    if (signatures.size() != 1) {
      throw new IllegalArgumentException(
          "signatures must hold exactly one, but holds " + signatures.size());
    }
  }

  static DsseEnvelope sign(String payloadType, byte[] payload, SigningKey key) {
    byte[] signature = key.sign(preAuthenticationEncoding(payloadType, payload));
    return new DsseEnvelope(
        payloadType,
        StrictBase64.encode(payload),
        List.of(new DsseSignature(key.verificationKey().keyId(), StrictBase64.encode(signature))));
  }

  static DsseEnvelope parse(byte[] json) {
    DsseEnvelope envelope = StrictJson.read(json, DsseEnvelope.class, WHAT);
    if (!Arrays.equals(envelope.toJson(), json)) {
      throw new VerificationException(WHAT + " must be canonical JSON");
    }
    return envelope;
  }

  byte[] toJson() {
    return StrictJson.write(this);
  }

  String keyId() {
    return signatures.get(0).keyid();
  }

  /** The payload, before anyone has checked its signature. */
  byte[] unverifiedPayload() {
    return StrictBase64.decode(payload, WHAT + " payload");
  }

  boolean verifies(VerificationKey key) {
    byte[] signature = StrictBase64.decode(signatures.get(0).sig(), WHAT + " signature");
    return key.keyId().equals(keyId())
        && key.verifies(preAuthenticationEncoding(payloadType, unverifiedPayload()), signature);
  }

  /** PAE of the DSSE protocol: lengths before contents, so that no two messages share bytes. */
  static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("DSSEv1 " + type.length + " " + payloadType + " " + payload.length + " ")
            .getBytes(StandardCharsets.UTF_8);
    byte[] encoding = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, encoding, head.length, payload.length);
    return encoding;
  }

  /**
   * A signature.
   *
   * @param keyid SHA-256 of the SubjectPublicKeyInfo of the key that verifies it
   * @param sig the signature, in base64
   */
  record DsseSignature(String keyid, String sig) {}
}
