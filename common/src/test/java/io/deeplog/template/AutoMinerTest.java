package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoMinerTest {
  /** Templates of as many lines as are asked for of every word at a place. */
  private static List<String> templates(int lines, String text, String... words) {
    Masker masker = new Masker(Miner.AUTO.masks());
    LineSample sample = new LineSample();
    for (String word : words) {
      for (int i = 0; i < lines; i++) {
        sample.add(masker.mask(text.replace("#", Integer.toString(100 + i)) + word), 1);
      }
    }
    return SampledLearner.mine(sample, Miner.AUTO, MinerOptions.DEFAULT).stream()
        .map(Template::text)
        .toList();
  }

  @Test
  void aFewNamesInCapitalsAreStatesWithOrWithoutAVersion() {
    assertThat(templates(10, "relay # opened by ", "HTTPS", "SOCKS5", "SOCKS4A"))
        .as("behind a word that a value follows")
        .containsExactly("relay <*> opened by <*>");
    assertThat(templates(10, "relay # opened, mode ", "HTTPS", "SOCKS5", "SOCKS4A"))
        .containsExactly(
            "relay <*> opened, mode HTTPS",
            "relay <*> opened, mode SOCKS4A",
            "relay <*> opened, mode SOCKS5");
  }

  @Test
  void namesAtSeveralPlacesAreValuesThoughNoTwoLinesShareOne() {
    String[] lines = {
      "alpha whose turn is next follows omega",
      "beta whose turn is next follows sigma",
      "gamma whose turn is next follows kappa",
      "delta whose turn is next follows theta"
    };
    assertThat(templates(1, "reader ", lines))
        .containsExactly("reader <*> whose turn is next follows <*>");
    assertThat(templates(1, "reader ", Arrays.copyOf(lines, 3))).as("few").hasSize(3);
    assertThat(templates(1, "", "copy of lists", "sort by name", "read in time", "move to front"))
        .as("little that tells what they are about")
        .hasSize(4);
    assertThat(
            templates(
                1,
                "task # went ",
                "from NEW over to READY",
                "from READY over to RUNNING",
                "from RUNNING over to FAILED",
                "from FAILED over to NEW"))
        .as("states")
        .hasSize(4);
  }

  @Test
  void manyWordsAreValuesThoughNoOtherTellsWhatTheLineIsAbout() {
    List<String> frames = new ArrayList<>();
    for (String part : List.of("read", "write", "poll", "open", "close", "sync", "seek", "lock")) {
      for (String of : List.of("disk", "page", "inode", "queue", "tree", "port", "timer")) {
        frames.add(part + "_" + of + "+0x1f");
      }
    }
    assertThat(templates(1, "(1) ffffffff81 ", frames.toArray(new String[0])))
        .containsExactly("(<*>) <*> <*>");
    assertThat(templates(1, "(1) ffffffff81 ", frames.subList(0, 40).toArray(new String[0])))
        .hasSize(40);
  }

  @Test
  void blanksOfOtherKindsMakeNoOtherShapeOfALine() {
    for (String blank : List.of("\r", "\f", "\u3000", "\u2028")) {
      assertThat(templates(1, "", "a: " + blank + "w w, b: x", "a: " + blank + "12 c, b: x"))
          .hasSize(2);
    }
  }

  @Test
  void protocolsOfDifferentVersionsAreStates() {
    assertThat(templates(10, "route # set for ", "IPv4", "IPv6")).hasSize(2);
    assertThat(templates(10, "route # set for ", "wan4", "wan6"))
        .containsExactly("route <*> set for <*>");
  }

  @Test
  void twoWordsInQuotesOrSquareBracketsAreValues() {
    assertThat(templates(10, "call # ended with ", "\"success\" now", "\"fail\" now"))
        .containsExactly("call <*> ended with \"<*>\" now");
    assertThat(templates(10, "call # is now in ", "[GREEN] state", "[RED] state"))
        .containsExactly("call <*> is now in [<*>] state");
    assertThat(templates(10, "call # ended with ", "success now", "fail now")).hasSize(2);
  }

  @Test
  void aRareOneOfThreeStatesIsStillAState() {
    List<String> words = new ArrayList<>(Collections.nCopies(12, "change"));
    words.addAll(List.of("add", "remove"));
    String[] all = words.toArray(new String[0]);
    assertThat(templates(10, "unit # state ", all)).hasSize(3);
  }

  @Test
  void namesOfConstantsAreValues() {
    assertThat(templates(10, "hold # taken, kind ", "CORE", "SCREEN_DIM", "SCREEN_FULL"))
        .containsExactly("hold <*> taken, kind <*>");
    assertThat(templates(10, "hold # taken, kind ", "CORE", "DIM", "FULL")).hasSize(3);
  }

  @Test
  void namesThatDifferInANumberOnlyAreValues() {
    assertThat(templates(10, "card # reset, unit ", "GPU0", "GPU1", "GPU2"))
        .containsExactly("card <*> reset, unit <*>");
    assertThat(templates(10, "card # reset, unit ", "DC01", "FS02", "WS11"))
        .as("names of hosts")
        .containsExactly("card <*> reset, unit <*>");
  }

  @Test
  void aQuotationThatALineBeginsWithIsItsMessage() {
    assertThat(
            templates(
                10,
                "",
                "\"Started\" id=\"a1\"",
                "\"Stopped\" id=\"a2\"",
                "\"Volume is gone\" id=\"a3\"",
                "\"Volume was found again\" id=\"a4\""))
        .containsExactly(
            "\"Started\" id=\"<*>\"",
            "\"Stopped\" id=\"<*>\"",
            "\"Volume is gone\" id=\"<*>\"",
            "\"Volume was found again\" id=\"<*>\"");
  }

  @Test
  void theBackslashOfAQuoteIsNoPartOfAValue() {
    assertThat(
            templates(
                10,
                "",
                "\"Mounted \\\"disk7\\\" for pod \\\"web0\\\"\"",
                "\"Mounted \\\"disk8\\\" for pod \\\"web1\\\"\"",
                "\"Mounted \\\"disk9\\\" for pod \\\"db0\\\"\""))
        .containsExactly("\"Mounted \\\"<*>\\\" for pod \\\"<*>\\\"\"");
  }

  @Test
  void whatHappenedIsNoValue() {
    assertThat(templates(1, "service # of mail ", "started", "exited", "respawned", "paused"))
        .containsExactly(
            "service <*> of mail exited",
            "service <*> of mail paused",
            "service <*> of mail respawned",
            "service <*> of mail started");
    assertThat(templates(1, "service # of mail ", "alice", "fred", "bob", "carol"))
        .containsExactly("service <*> of mail <*>");
  }

  @Test
  void theBackslashOfADirectoryIsOne() {
    Masker masker = new Masker(Miner.AUTO.masks());
    assertThat(masker.mask("open \"C:\\Temp\\\" mode 7")).isEqualTo("open \"<*>\" mode <*>");
    assertThat(masker.mask("{\"path\":\"C:\\\\\",\"ok\":7}"))
        .isEqualTo("{\"path\":\"<*>\",\"ok\":<*>}");
  }
}
