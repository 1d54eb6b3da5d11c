package io.rona.privacy.certificate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SigningKeyTest {
  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  /** RFC 8032, section 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
        + "'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
        + "72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
        + "af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  })
  void sign_rfc8032_givesTheSignatureOfTheStandard(
      String secret, String point, String message, String signature) throws IOException {
    HexFormat hex = HexFormat.of();
    SigningKey key =
        PrivateKeys.signingKey(
            new PrivateKeyInfo(ED25519, new DEROctetString(hex.parseHex(secret))));
    byte[] spki = new SubjectPublicKeyInfo(ED25519, hex.parseHex(point)).getEncoded();

    assertArrayEquals(spki, key.verificationKey().der());
    assertEquals(signature, hex.formatHex(key.sign(hex.parseHex(message))));
  }

  @ParameterizedTest
  @EnumSource(SigningAlgorithm.class)
  void sign_everyAlgorithm_verifiesAndNothingElseDoes(SigningAlgorithm algorithm) {
    SigningKey key = SigningKey.generate(algorithm, new SecureRandom());
    SigningKey other = SigningKey.generate(algorithm, new SecureRandom());
    byte[] message = "guarantee".getBytes(StandardCharsets.UTF_8);
    byte[] signature = key.sign(message);

    assertEquals(algorithm.signatureBytes(), signature.length);
    assertTrue(key.verificationKey().verifies(message, signature));
    assertFalse(other.verificationKey().verifies(message, signature));
    assertFalse(key.verificationKey().verifies(new byte[0], signature));
    assertFalse(key.verificationKey().verifies(message, new byte[0]));
    assertFalse(key.verificationKey().verifies(message, Arrays.copyOf(signature, 9000)));
  }

  @ParameterizedTest
  @EnumSource(SigningAlgorithm.class)
  void verifies_byteOfTheSignatureFlipped_refuses(SigningAlgorithm algorithm) {
    SigningKey key = SigningKey.generate(algorithm, new SecureRandom());
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign(message);
    // Every byte of a short signature, every 13th of a long one.
    int step = signature.length > 64 ? 13 : 1;
    for (int i = 0; i < signature.length; i += step) {
      byte[] flipped = signature.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertFalse(key.verificationKey().verifies(message, flipped), "byte " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(SigningAlgorithm.class)
  void pem_roundTrip_keepsTheKey(SigningAlgorithm algorithm) {
    SigningKey key = SigningKey.generate(algorithm, new SecureRandom());

    VerificationKey publicKey = VerificationKey.ofPem(key.verificationKey().pem());
    SigningKey clear = PrivateKeyPem.read(PrivateKeyPem.write(key), PassphraseSource.none());
    String pem = PrivateKeyPem.write(key, "correct horse".toCharArray(), new SecureRandom());
    SigningKey opened = PrivateKeyPem.read(pem, "correct horse"::toCharArray);

    assertEquals(key.verificationKey(), publicKey);
    assertEquals(key.verificationKey(), clear.verificationKey());
    assertEquals(key.verificationKey(), opened.verificationKey());
    assertTrue(PrivateKeyPem.isEncrypted(pem));
    assertThrows(KeyException.class, () -> PrivateKeyPem.read(pem, "battery staple"::toCharArray));
    assertThrows(KeyException.class, () -> PrivateKeyPem.read(pem, PassphraseSource.none()));
  }

  @Test
  void keyId_isTheDigestOfTheSubjectPublicKeyInfo() {
    VerificationKey key =
        SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom()).verificationKey();

    assertEquals(Sha256.of(key.der()), key.keyId());
    assertEquals(64, key.keyId().length());
  }

  @Test
  void toString_signingKey_showsNoPrivatePart() {
    SigningKey key = SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom());

    assertEquals("signing half of ed25519 key " + key.verificationKey().keyId(), key.toString());
  }

  /** Points of order 1, 2, 4 and 8, for which one signature fits many messages. */
  @ParameterizedTest
  @CsvSource({
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  })
  void ofDer_ed25519PointOfSmallOrder_refuses(String point) throws IOException {
    byte[] spki = new SubjectPublicKeyInfo(ED25519, HexFormat.of().parseHex(point)).getEncoded();

    assertThrows(VerificationException.class, () -> VerificationKey.ofDer(spki));
  }

  @Test
  void ofDer_everyByteFlipped_isRefusedOrAnotherKey() {
    VerificationKey key =
        SigningKey.generate(SigningAlgorithm.ED25519, new SecureRandom()).verificationKey();
    for (int i = 0; i < key.der().length; i++) {
      byte[] flipped = key.der();
      flipped[i] ^= 1;
      assertFalse(reads(flipped, key), "byte " + i);
    }
  }

  private static boolean reads(byte[] der, VerificationKey key) {
    try {
      return VerificationKey.ofDer(der).equals(key);
    } catch (VerificationException expected) {
      return false;
    }
  }
}
