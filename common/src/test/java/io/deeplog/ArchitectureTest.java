package io.deeplog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the design. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.deeplog");

  private static final DescribedPredicate<JavaClass> PURE =
      new DescribedPredicate<>("are pure, or nested in a pure class") {
        @Override
        public boolean test(JavaClass c) {
          return c.isAnnotatedWith(Pure.class)
              || c.getEnclosingClass().map(this::test).orElse(false);
        }
      };

  @Test
  void dependenciesPointOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("report")
        .definedBy("io.deeplog.report..")
        .layer("model")
        .definedBy("io.deeplog.model..")
        .layer("verdict")
        .definedBy("io.deeplog.verdict..", "io.deeplog.evaluate..")
        .layer("detect")
        .definedBy("io.deeplog.detect..")
        .layer("parts")
        .definedBy(
            "io.deeplog.nn..",
            "io.deeplog.sequence..",
            "io.deeplog.count..",
            "io.deeplog.template..")
        .layer("log")
        .definedBy("io.deeplog.log..")
        .layer("spark")
        .definedBy("io.deeplog.spark..")
        .layer("root")
        .definedBy("io.deeplog")
        .whereLayer("report")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("model")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("verdict")
        .mayOnlyBeAccessedByLayers("report", "model")
        .whereLayer("detect")
        .mayOnlyBeAccessedByLayers("report", "model", "verdict")
        .whereLayer("parts")
        .mayOnlyBeAccessedByLayers("report", "model", "verdict", "detect")
        .whereLayer("log")
        .mayOnlyBeAccessedByLayers("report", "model", "verdict", "detect", "parts")
        .whereLayer("spark")
        .mayOnlyBeAccessedByLayers("report", "model", "verdict", "detect", "parts", "log")
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("report", "model", "verdict", "detect", "parts", "log", "spark")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsInALayer() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .allMatch(
            name ->
                name.matches(
                    "io\\.deeplog(\\.(report|model|verdict|evaluate|nn|sequence|count|template|log|spark(\\.parquet)?)"
                        + "|\\.detect(\\.\\w+)?)?"));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.deeplog.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void detectorsDoNotKnowEachOther() {
    slices().matching("io.deeplog.detect.(*)").should().notDependOnEachOther().check(CLASSES);
  }

  @Test
  void onlySparkWritesTables() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.deeplog.spark..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("org\\.apache\\.spark\\.sql\\.DataFrameWriter(V2)?")
        .check(CLASSES);
  }

  @Test
  void pureClassesKnowNothingOfEngines() {
    assertThat(CLASSES.stream().filter(PURE)).hasSizeGreaterThan(20);
    noClasses()
        .that(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..", "org.apache.hadoop..", "org.deeplearning4j..", "org.nd4j..")
        .check(CLASSES);
  }

  @Test
  void pureClassesUseOnlyPureClassesOfOurs() {
    DescribedPredicate<JavaClass> impure =
        new DescribedPredicate<>("are ours and not pure") {
          @Override
          public boolean test(JavaClass c) {
            JavaClass type = c.getBaseComponentType();
            return type.getPackageName().startsWith("io.deeplog")
                && !type.isEquivalentTo(Pure.class)
                && !PURE.test(type);
          }
        };
    noClasses().that(PURE).should().dependOnClassesThat(impure).check(CLASSES);
  }

  @Test
  void nothingExits() {
    noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
    noClasses().should().callMethod(Runtime.class, "exit", int.class).check(CLASSES);
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(CLASSES);
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    try (Stream<Path> paths = Files.walk(Path.of("src/main/java"))) {
      List<Path> packages =
          paths
              .filter(p -> p.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .toList();
      assertThat(packages).isNotEmpty();
      assertThat(packages).allMatch(p -> Files.exists(p.resolve("package-info.java")));
    }
  }
}
