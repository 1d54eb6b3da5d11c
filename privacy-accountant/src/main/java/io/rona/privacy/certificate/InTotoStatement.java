package io.rona.privacy.certificate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An in-toto Statement v1: files, named by their digests, and what is said about them.
 *
 * @param type {@value #TYPE}
 * @param subject every file of the bundle but the envelope itself
 * @param predicateType {@value #PREDICATE_TYPE}
 * @param predicate the guarantee
 */
record InTotoStatement(
    @JsonProperty("_type") String type,
    List<Subject> subject,
    String predicateType,
    PrivacyGuarantee predicate) {
  static final String TYPE = "https://in-toto.io/Statement/v1";
  static final String PREDICATE_TYPE = "https://rona.io/attestation/privacy-guarantee/v1";
  static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";
  private static final String SHA256 = "sha256";

  InTotoStatement {
    require("_type", TYPE, type);
    require("predicateType", PREDICATE_TYPE, predicateType);
    Texts.present("predicate", predicate);
    Texts.present("subject", subject);
    subject = List.copyOf(subject);
    Set<String> names = new HashSet<>();
    subject.forEach(
        file -> {
          if (!names.add(file.name())) {
            throw new IllegalArgumentException("subject must name each file once");
          }
        });
  }

  static InTotoStatement of(Map<String, String> sha256ByName, PrivacyGuarantee predicate) {
    List<Subject> subjects =
        new TreeMap<>(sha256ByName)
            .entrySet().stream()
                .map(file -> new Subject(file.getKey(), Map.of(SHA256, file.getValue())))
                .toList();
    return new InTotoStatement(TYPE, subjects, PREDICATE_TYPE, predicate);
  }

  static InTotoStatement parse(byte[] json) {
    return StrictJson.read(json, InTotoStatement.class, "certificate statement");
  }

  byte[] toJson() {
    return StrictJson.write(this);
  }

  Map<String, String> sha256ByName() {
    Map<String, String> digests = new TreeMap<>();
    subject.forEach(file -> digests.put(file.name(), file.digest().get(SHA256)));
    return digests;
  }

  private static void require(String name, String expected, String actual) {
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(name + " must be " + expected);
    }
  }

  /**
   * One file.
   *
   * @param name its path in the bundle
   * @param digest its SHA-256, under {@code sha256}
   */
  record Subject(String name, Map<String, String> digest) {
    Subject {
      Texts.text("subject name", name);
      digest = Map.copyOf(digest);
      if (!digest.keySet().equals(Set.of(SHA256))) {
        throw new IllegalArgumentException("subject digest must be SHA-256 and nothing else");
      }
      digest.values().forEach(value -> Texts.sha256("subject digest", value));
    }
  }
}
