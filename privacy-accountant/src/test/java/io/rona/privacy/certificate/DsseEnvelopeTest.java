package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors are those of the DSSE protocol, version 1.0.0, section "Test Vectors". */
class DsseEnvelopeTest {
  private static final String TYPE = "http://example.com/HelloWorld";
  private static final byte[] BODY = "hello world".getBytes(StandardCharsets.UTF_8);
  private static final SigningKey KEY =
      SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

  @Test
  void preAuthenticationEncoding_vectorOfTheProtocol_isEqual() {
    assertEquals(
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        new String(DsseEnvelope.preAuthenticationEncoding(TYPE, BODY), StandardCharsets.UTF_8));
  }

  @Test
  void verifies_signatureOfTheProtocol_passes() throws IOException {
    VerificationKey key = keyOfTheProtocol();
    String json =
        "{\"payload\":\"aGVsbG8gd29ybGQ=\",\"payloadType\":\"http://example.com/HelloWorld\","
            + "\"signatures\":[{\"keyid\":\""
            + key.keyId()
            + "\",\"sig\":\"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==\"}]}";

    assertTrue(DsseEnvelope.parse(json.getBytes(StandardCharsets.UTF_8)).verifies(key));
  }

  @Test
  void parse_whatSignWrote_verifiesWithThatKeyAlone() {
    DsseEnvelope envelope = DsseEnvelope.parse(DsseEnvelope.sign(TYPE, BODY, KEY).toJson());
    SigningKey other = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

    assertTrue(envelope.verifies(KEY.verificationKey()));
    assertFalse(envelope.verifies(other.verificationKey()));
    assertEquals(KEY.verificationKey().keyId(), envelope.keyId());
  }

  @Test
  void parse_everyBitOfEveryByteFlipped_neverVerifies() {
    byte[] json = DsseEnvelope.sign(TYPE, BODY, KEY).toJson();
    for (int bit = 0; bit < 8 * json.length; bit++) {
      byte[] flipped = json.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertFalse(verifies(flipped), "bit " + bit);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[]}",
        "{\"payload\":null,\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]}",
        "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[null]}",
        "{\"payload\":1,\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]}",
        "{\"payload\":\"\",\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]}",
        "{\"extra\":0,\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]}",
        "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]} ",
        "{\"payload\":\"\",\"payloadType\":\"t\",\"signatures\":[{\"keyid\":\"\",\"sig\":\"\"}]}{}",
        "\ufeff{}",
      })
  void parse_notAnEnvelope_throwsVerificationException(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

    assertThrows(VerificationException.class, () -> DsseEnvelope.parse(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aGVsbG8gd29ybGR=", "aGVsbG8gd29ybGQ", "aGVs bG8=", "-_==", "a"})
  void decode_base64OfAnotherSpelling_throwsVerificationException(String text) {
    assertThrows(VerificationException.class, () -> StrictBase64.decode(text, "payload"));
  }

  private static boolean verifies(byte[] json) {
    try {
      return DsseEnvelope.parse(json).verifies(KEY.verificationKey());
    } catch (VerificationException e) {
      return false;
    }
  }

  private static VerificationKey keyOfTheProtocol() throws IOException {
    X9ECParameters curve = ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp256r1);
    ECPublicKeyParameters point =
        new ECPublicKeyParameters(
            curve
                .getCurve()
                .createPoint(
                    new BigInteger(
                        "46950820868899156662930047687818585632848591499744589407958293238635476079160"),
                    new BigInteger(
                        "5640078356564379163099075877009565129882514886557779369047442380624545832820")),
            new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, curve));
    return VerificationKey.ofDer(
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(point).getEncoded());
  }
}
