package io.deeplog.jobs.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of anomaly does to the order and number of steps. */
class GenerateSessionsTest {
  private static final int NORMAL = 30_000;

  @ParameterizedTest
  @EnumSource
  void anomaliesDepartFromAllNormalSessionsInTheWayTheyClaim(Service service) {
    SessionSource source = SessionSource.of(service, Population.small());
    SplittableRandom random = new SplittableRandom(7);
    Set<List<String>> orders = new HashSet<>();
    Set<Map<String, Integer>> counts = new HashSet<>();
    Map<String, Integer> most = new TreeMap<>();
    for (int i = 0; i < NORMAL; i++) {
      Session session = source.next(random, null);
      if (session.keys().size() > 1) {
        // Two sessions in one script; each alone has its steps as any other.
        continue;
      }
      List<String> steps = names(session);
      orders.add(steps);
      counts.add(count(steps));
      count(steps).forEach((name, number) -> most.merge(name, number, Math::max));
    }
    for (AnomalyKind kind : source.kinds()) {
      for (int i = 0; i < 200; i++) {
        Session session = source.next(random, kind);
        List<String> steps = names(session);
        Map<String, Integer> counted = count(steps);
        assertThat(session.kind()).isEqualTo(kind);
        switch (kind) {
          case SLOW_VALUE, WRONG_VALUE -> assertThat(most.keySet()).containsAll(steps);
          case WRONG_ORDER -> {
            assertThat(orders).as("%s", kind).doesNotContain(steps);
            assertThat(counts).as("%s", kind).contains(counted);
          }
          case MISSING_STEP, CUT_SHORT -> {
            assertThat(counts).as("%s of %s", kind, service).doesNotContain(counted);
            assertThat(most.keySet()).containsAll(steps);
          }
          case LOOP, BURST ->
              assertThat(counted)
                  .as("%s", kind)
                  .anySatisfy(
                      (name, number) ->
                          assertThat(number).isGreaterThanOrEqualTo(most.get(name) + 15));
          case NEW_EVENT, EXPLOIT_LINE ->
              assertThat(steps).anyMatch(name -> !most.containsKey(name));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nextStepIsOneOfAHandfulGivenTheTenBefore(Service service) {
    SessionSource source = SessionSource.of(service, Population.small());
    SplittableRandom random = new SplittableRandom(3);
    Map<List<String>, Set<String>> next = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      Session session = source.next(random, null);
      if (session.keys().size() == 1) {
        List<String> steps = new ArrayList<>(names(session));
        steps.add("end");
        for (int at = 1; at < steps.size(); at++) {
          next.computeIfAbsent(steps.subList(Math.max(0, at - 10), at), key -> new HashSet<>())
              .add(steps.get(at));
        }
      }
    }
    assertThat(next.values()).allMatch(steps -> steps.size() <= 9);
  }

  @Test
  void timesNeverGoBack() {
    for (Service service : Service.values()) {
      SessionSource source = SessionSource.of(service, Population.small());
      SplittableRandom random = new SplittableRandom(5);
      List<AnomalyKind> kinds = new ArrayList<>(source.kinds());
      kinds.add(null);
      for (int i = 0; i < 2_000; i++) {
        Session session = source.next(random, kinds.get(i % kinds.size()));
        assertThat(session.steps()).allMatch(step -> step.gapMillis >= 0);
      }
    }
  }

  @Test
  void kindsOfOtherServicesAreRefused() {
    for (Service service : Service.values()) {
      SessionSource source = SessionSource.of(service, Population.small());
      for (AnomalyKind kind : AnomalyKind.values()) {
        if (!source.kinds().contains(kind)) {
          assertThatThrownBy(() -> source.next(new SplittableRandom(1), kind))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(kind.id());
        }
      }
    }
  }

  @Test
  void servicesAreFoundByName() {
    for (Service service : Service.values()) {
      assertThat(Service.of(service.id())).isEqualTo(service);
    }
    assertThat(Service.BLOCK.format()).isEqualTo("hdfs");
    assertThat(Service.VM.format()).isEqualTo("log4j");
    assertThat(Service.SYSLOG.format()).isEqualTo("syslog");
    assertThatThrownBy(() -> Service.of("Block"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'Block'")
        .hasMessageContaining("block, vm, syslog");
  }

  private static List<String> names(Session session) {
    // A program's name tells apart steps that several programs have.
    return session.steps().stream().map(step -> step.component + ":" + step.name).toList();
  }

  private static Map<String, Integer> count(List<String> names) {
    Map<String, Integer> counts = new TreeMap<>();
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts;
  }
}
