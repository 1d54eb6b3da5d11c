package io.rona.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rona.privacy.Adjacency;
import io.rona.privacy.ledger.AccountKey;
import io.rona.privacy.ledger.SensitiveDataId;
import io.rona.query.features.PatchFeatures;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BoundedAnswersTest {

  /** D/k where one teacher can change, 2D/k where two can, and never more than the diameter. */
  @ParameterizedTest
  @CsvSource({
    "ADD_REMOVE, 1, 1.0",
    "REPLACE_ONE, 1, 1.0",
    "ADD_REMOVE, 2, 0.5",
    "REPLACE_ONE, 2, 1.0",
    "ADD_REMOVE, 250, 0.004",
    "REPLACE_ONE, 250, 0.008"
  })
  void sensitivity_isTheShareOfTheTeachersThatCanChange(
      Adjacency adjacency, int teachers, double share) {
    for (double diameter : new double[] {AnswerRule.SIMPLEX_DIAMETER, 2 * 3.5}) {
      double sensitivity = BoundedAnswers.sensitivity(diameter, teachers, adjacency);
      assertTrue(sensitivity > share * diameter);
      assertEquals(share * diameter, sensitivity, 1e-8 * share * diameter);
    }
  }

  /** The partial sums of k answers of norm 1 are rounded by up to k (k + 1) / 2 unit roundoffs. */
  @Test
  void sensitivity_coversTheRoundingOfManyTeachers() {
    int teachers = 1_000_000;
    double exact = AnswerRule.SIMPLEX_DIAMETER / teachers;
    double worstMeanError = 2 * 0x1p-53 * (teachers + 1) / 2.0;
    double sensitivity =
        BoundedAnswers.sensitivity(AnswerRule.SIMPLEX_DIAMETER, teachers, Adjacency.ADD_REMOVE);
    assertTrue(sensitivity >= exact + worstMeanError);
    assertEquals(exact, sensitivity, 2e-4 * exact);
  }

  @Test
  void roundedAt_addsOneRoundingOfBothNeighbors() {
    BoundedAnswers answers = BoundedAnswers.of(new double[][] {{1, 2}}, 1, 4, Adjacency.ADD_REMOVE);
    double more = answers.roundedAt(1e9).l2Sensitivity() - answers.l2Sensitivity();
    assertTrue(more >= 2 * Math.ulp(1e9) / 2 / 2);
    assertTrue(answers.roundedAt(1).l2Sensitivity() > answers.l2Sensitivity());
  }

  @Test
  void toString_holdsNoAnswer() {
    double[][] rows = {{0.123456, 0.876544}};
    String text = BoundedAnswers.of(rows, 1, 4, Adjacency.ADD_REMOVE).toString();
    assertFalse(text.contains("123456"));
    assertFalse(text.contains("876544"));
  }

  @Test
  void records_refuseValuesOutOfRange() {
    AccountKey account =
        new AccountKey(new SensitiveDataId("x", "c".repeat(64)), Adjacency.ADD_REMOVE);
    AnswerRule rule = new AnswerRule(true, 1);
    BackboneSpec patches = new BackboneSpec.Patches(new PatchFeatures.Config(3, 5, 0.1, 2, 300));
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new AnswerRule(false, bad));
      assertThrows(IllegalArgumentException.class, () -> new ReleasePlan.HintRelease(bad, 1));
      assertThrows(IllegalArgumentException.class, () -> new ReleasePlan.HintRelease(1, bad));
      assertThrows(
          IllegalArgumentException.class,
          () -> new ReleasePlan(account, "run", rule, bad, Optional.empty()));
      assertThrows(IllegalArgumentException.class, () -> new PublicOnlySpec(patches, bad, 1));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new TeacherSpec(0, "key", new PublicOnlySpec(patches, 1, 1), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TeacherSpec(5, "", new PublicOnlySpec(patches, 1, 1), Optional.empty()));
  }
}
