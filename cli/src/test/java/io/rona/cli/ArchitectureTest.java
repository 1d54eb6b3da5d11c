package io.rona.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.rona.privacy.noise.Grid;
import io.rona.privacy.noise.NoiseSource;
import io.rona.privacy.noise.SeededNoise;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The privacy boundary is the module graph; this test is its fence. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {
  private static final String PRIVACY = "io.rona.privacy..";
  private static final String QUERY = "io.rona.query..";
  private static final String TEACHER = "io.rona.teacher..";
  private static final String STUDENT = "io.rona.student..";
  private static final String CLI = "io.rona.cli..";
  private static final List<String> MODULES = List.of(PRIVACY, QUERY, TEACHER, STUDENT, CLI);

  private JavaClasses classes = new ClassFileImporter().importClasses();

  @BeforeAll
  void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.rona");
  }

  static Stream<ArchRule> rules() {
    return Stream.of(
            Stream.of(
                unreachable(PRIVACY, QUERY, TEACHER, STUDENT, CLI),
                unreachable(QUERY, TEACHER, STUDENT, CLI),
                unreachable(STUDENT, TEACHER, CLI),
                unreachable(TEACHER, STUDENT, CLI),
                unreachable(
                    PRIVACY,
                    "org.nd4j..",
                    "org.deeplearning4j..",
                    "org.datavec..",
                    "org.bytedeco.."),
                slices().matching("io.rona.(*)..").should().beFreeOfCycles(),
                noUnseededRandomness(),
                noMathRandom(),
                noNoiseOutsideTheAccountant(),
                noSeededNoise(),
                verifierSharesNoCodeWithTheLedger(),
                noExitButMain()),
            MODULES.stream().map(ArchitectureTest::internalStaysInternal))
        .flatMap(rules -> rules);
  }

  private static ArchRule unreachable(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAnyPackage(to));
  }

  private static ArchRule internalStaysInternal(String module) {
    String internal = module.substring(0, module.length() - 2) + "..internal..";
    return noClasses()
        .that()
        .resideOutsideOfPackage(module)
        .should()
        .dependOnClassesThat(resideInAPackage(internal))
        .allowEmptyShould(true);
  }

  /** Whoever checks a bundle computes hashes, decisions and epsilon by other code than the run. */
  private static ArchRule verifierSharesNoCodeWithTheLedger() {
    String verifier =
        "io\\.rona\\.privacy\\.certificate\\.(BundleVerifier|BundleSnapshot|GuaranteeChecks|ExtractAudit"
            + "|AccountAudit|Audit.*|IndependentAccountant|GaussianQuadrature|StrictJson|Digests)(\\$.*)?";
    return noClasses()
        .that()
        .haveNameMatching(verifier)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.rona.privacy.ledger..",
                "io.rona.privacy.accounting..",
                "io.rona.privacy.release.."));
  }

  private static ArchRule noUnseededRandomness() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Random.class, ThreadLocalRandom.class)
        .orShould()
        .callConstructor(SplittableRandom.class)
        .orShould()
        .callMethod(SecureRandom.class, "setSeed", byte[].class)
        .orShould()
        .callConstructor(SecureRandom.class, byte[].class);
  }

  private static ArchRule noMathRandom() {
    return noClasses()
        .should()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(StrictMath.class, "random");
  }

  /** Noise meets answers in one place only, behind the ledger. */
  private static ArchRule noNoiseOutsideTheAccountant() {
    return noClasses()
        .that()
        .resideOutsideOfPackage(PRIVACY)
        .should()
        .callMethodWhere(
            JavaCall.Predicates.target(
                    HasOwner.Predicates.With.owner(assignableTo(NoiseSource.class)))
                .and(JavaCall.Predicates.target(nameMatching("gaussian|draw"))));
  }

  private static ArchRule noSeededNoise() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("io.rona.privacy.noise..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(SeededNoise.class);
  }

  private static ArchRule noExitButMain() {
    return noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Main.class.getName())
        .should()
        .callMethod(System.class, "exit", int.class);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rule_holds(ArchRule rule) {
    rule.check(classes);
  }

  @Test
  void import_findsEveryModule() {
    for (String module : MODULES) {
      assertTrue(
          classes.stream().anyMatch(resideInAPackage(module)), "no class found in " + module);
    }
    assertFalse(classes.stream().anyMatch(c -> c.getName().endsWith("Test")));
  }

  /** Breaks the rules on randomness and noise, to show that they bite. */
  static final class Offender {
    double draw() {
      return new Random(1).nextDouble() + Math.random();
    }

    double noised(NoiseSource noise) {
      return noise.gaussian(0, 1, Grid.forStdDev(1));
    }

    Supplier<SplittableRandom> unseeded() {
      return SplittableRandom::new;
    }
  }

  @Test
  void rules_onAnOffender_bite() {
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
    assertTrue(noUnseededRandomness().evaluate(offender).hasViolation());
    assertTrue(noMathRandom().evaluate(offender).hasViolation());
    assertTrue(noNoiseOutsideTheAccountant().evaluate(offender).hasViolation());
    ArchRule noCli =
        noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat(resideInAnyPackage(TEACHER));
    assertTrue(noCli.evaluate(classes).hasViolation());
  }
}
