package io.deeplog.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the design that hold for the commands. */
final class JobsArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.deeplog.jobs");

  @Test
  void onlyMainExits() {
    for (Class<?> type : List.of(System.class, Runtime.class)) {
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.deeplog.jobs.Main")
          .should()
          .callMethod(type, "exit", int.class)
          .check(CLASSES);
    }
    noClasses().should().callMethod(Runtime.class, "halt", int.class).check(CLASSES);
  }

  @Test
  void commandsWriteTablesThroughTheLibrary() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("org\\.apache\\.spark\\.sql\\.DataFrameWriter(V2)?")
        .check(CLASSES);
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
