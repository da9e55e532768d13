package io.deeplog.template;

import static io.deeplog.template.Mined.learned;
import static io.deeplog.template.Mined.repeated;
import static io.deeplog.template.Mined.templates;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunMergeTest {
  @Test
  void aNameWithBlanksIsOneValueWhereOthersAreOneWord() {
    List<Template> templates =
        learned(
            "reader.exe - link to 10.0.0.1 closed after 5 s",
            "mailer.exe - link to 10.0.0.2 closed after 7 s",
            "backup.exe - link to 10.0.0.2 closed after 9 s",
            "player.exe - link to 10.0.0.4 closed after 4 s",
            "photo helper.exe - link to 10.0.0.3 closed after 8 s");
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("<*> - link to <*> closed after <*> s");
    String line = "photo helper.exe - link to 10.0.0.9 closed after 1 s";
    TemplateMatcher.Match match = new TemplateMatcher(templates).match(line);
    assertThat(match.params()).containsExactly("photo helper.exe", "10.0.0.9", "1");
    assertThat(match.template().fill(match.params())).isEqualTo(line);
  }

  @Test
  void printedListsOfDifferentLengthsAreOneValue() {
    List<Template> templates =
        learned(
            "flushed to [Part(path='/d/1', rows=5)] of table t1",
            "flushed to [Part(path='/d/2', rows=7), Part(path='/d/3', rows=9)] of table t1",
            "flushed to [Part(path='/d/4', rows=1), Part(path='/d/5', rows=2), Part(path='/d/6',"
                + " rows=3)] of table t1",
            "bound $1 = '5'",
            "bound $1 = '7', $2 = '8'");
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("bound <*>", "flushed to [<*>] of table t1");
    String line = "flushed to [Part(path='/d/8', rows=7), Part(path='/d/9', rows=9)] of table t1";
    TemplateMatcher.Match match = new TemplateMatcher(templates).match(line);
    assertThat(match.params())
        .containsExactly("Part(path='/d/8', rows=7), Part(path='/d/9', rows=9)");
    assertThat(match.template().fill(match.params())).isEqualTo(line);
  }

  @Test
  void whatIsAlwaysRepeatedIsNoList() {
    assertThat(
            templates(
                "disk 5 ms, disk 7 ms of 2",
                "disk 6 ms, disk 9 ms of 3",
                "net 6 ms, net 9 ms of 3"))
        .containsExactly("disk <*> ms, disk <*> ms of <*>", "net <*> ms, net <*> ms of <*>");
  }

  @Test
  void theSameWordAndOtherBracketsAreOneKindOfLine() {
    assertThat(
            templates(
                repeated(
                    4,
                    "(user#) CMD (/usr/bin/job# -q)",
                    "(user#) CMD (/usr/bin/sync#)",
                    "(user#) CMD ([ -x /usr/bin/x# ] && env LANG=C /usr/bin/x# && rm #)")))
        .containsExactly("(<*>) CMD (<*>)");
  }

  @Test
  void arrowsTellTheWay() {
    assertThat(
            templates(
                repeated(
                    6,
                    "relayed 10.0.0.1:# -> web-#:80 for the client",
                    "relayed 10.0.0.1:# <- web-#:80 for the client")))
        .hasSize(2);
  }

  @Test
  void aNameWithBlanksIsOneValueHoweverOftenItIsSeen() {
    List<String> lines = new ArrayList<>();
    for (String name : List.of("reader", "mailer", "backup", "player")) {
      lines.add(name + ".exe - link to 10.0.0.1 closed after 5 s");
    }
    for (int i = 0; i < 20; i++) {
      lines.add("photo helper.exe - link to 10.0.0.3 closed after " + i + " s");
    }
    assertThat(templates(lines.toArray(new String[0])))
        .containsExactly("<*> - link to <*> closed after <*> s");
  }

  @Test
  void onlyFormsThatWereSeenAreVariants() {
    List<Template> templates =
        learned(
            "reader.exe - link to 10.0.0.1 closed after 5 s",
            "mailer.exe - link to 10.0.0.2 closed after 7 s",
            "photo helper.exe - link to 10.0.0.3 closed after 8 s");
    assertThat(
            new TemplateMatcher(templates)
                .match("no such program - link to 10.0.0.9 closed after 1 s"))
        .isNull();
  }

  @Test
  void listsOfDifferentLengthsAreOneValue() {
    assertThat(templates("sum 5|7|9", "sum 4|4", "sum 1|2|3|4")).containsExactly("sum <*>");
    assertThat(
            templates(
                "(root) CMD (run-parts /etc/a)",
                "(root) CMD (/bin/b -q)",
                "(root) CMD (/bin/c 5 7)",
                "(maria) CMD (run-parts /etc/a)",
                "(maria) CMD (/bin/b -q)",
                "(maria) CMD (/bin/c 5 7)"))
        .containsExactly("(<*>) CMD (<*>)");
  }

  @Test
  void listsWithBlanksOfDifferentLengthsAreOneValue() {
    List<Template> templates =
        learned(
            "gave up the parts mail.log-7 of 1",
            "gave up the parts audit.log-4 of 1",
            "gave up the parts stock.sum-5 of 1",
            "gave up the parts mail.log-7, audit.log-8 of 2",
            "gave up the parts audit.log-6, stock.sum-9 of 2",
            "gave up the parts stock.sum-1, mail.log-2 of 2");
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("gave up the parts <*> of <*>");
    String line = "gave up the parts bill.log-5, audit.log-6 of 2";
    assertThat(new TemplateMatcher(templates).match(line).params())
        .containsExactly("bill.log-5, audit.log-6", "2");
  }

  @Test
  void aNameWithItsNumberInBracketsIsAValueWhereOthersAreOneWord() {
    assertThat(
            templates(
                "session 7 opened by client reader.exe",
                "session 8 opened by client mailer.exe",
                "session 9 opened by client backup.exe",
                "session 5 opened by client Photo Helper(217)",
                "session 6 opened by client helper (218)"))
        .containsExactly("session <*> opened by client <*>");
  }

  @Test
  void aPhraseThatStandsForValuesInSeveralKindsOfLinesIsAValue() {
    String[] lines =
        repeated(
            8,
            "flow # of reader.exe laid to 10.0.0.#",
            "flow # of mailer.exe drained after # s",
            "flow # of reader.exe waits for 10.0.0.#",
            "flow # of mailer.exe laid to 10.0.0.#",
            "flow # of reader.exe drained after # s",
            "flow # of mailer.exe waits for 10.0.0.#");
    List<String> log = new ArrayList<>(Arrays.asList(lines));
    for (String what : List.of("laid to 10.0.0.7", "drained after 7 s", "waits for 10.0.0.9")) {
      log.add("flow 7 of Quill Updater (bg) " + what);
      log.add("flow 7 of the old mail program " + what);
      log.add("flow 7 of reader.exe (low) " + what);
    }
    List<Template> templates = learned(log.toArray(new String[0]));
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly(
            "flow <*> of <*> drained after <*> s",
            "flow <*> of <*> laid to <*>",
            "flow <*> of <*> waits for <*>");
    assertThat(
            new TemplateMatcher(templates)
                .match("flow 5 of the old mail program drained after 9 s")
                .params())
        .containsExactly("5", "the old mail program", "9");
  }

  @Test
  void aPhraseOfOneKindOfLineIsAnotherEvent() {
    assertThat(
            templates(
                repeated(
                    8,
                    "flow # of reader.exe laid to 10.0.0.#",
                    "flow # of mailer.exe laid to 10.0.0.#",
                    "flow # of no program at all laid to 10.0.0.#")))
        .hasSize(2);
  }

  @Test
  void templatesOfTheSameWordsAndOtherShapesOfValuesAreOne() {
    List<Template> templates =
        learned(
            repeated(
                5,
                "moved block blk_1#7 of 3# bytes to 10.0.0.# after 7 tries",
                "moved block blk_1#7 of 3# bytes to 10.0.0.#; 10.0.1.# after 7 tries",
                "moved block blk_1#7 of 3# bytes after 7 tries"));
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly(
            "moved block <*> of <*> bytes after <*> tries",
            "moved block <*> of <*> bytes to <*> after <*> tries");
    assertThat(
            new TemplateMatcher(templates)
                .match("moved block blk_77 of 3 bytes to 10.0.0.5; 10.0.1.5 after 7 tries")
                .params())
        .containsExactly("blk_77", "3", "10.0.0.5; 10.0.1.5", "7");
    assertThat(
            templates(
                repeated(5, "the long job done in: 1# tries", "the long job done in 2# tries")))
        .as("a value is not glued to a word")
        .containsExactly("the long job done in <*> tries", "the long job done in: <*> tries");
  }

  @Test
  void namesWithinNamesAreOneWord() {
    assertThat(
            templates(
                repeated(
                    5,
                    "STR 1# Store::open -> #",
                    "STR 1# Reader::step -> #",
                    "STR 1# Seal::ok -> #")))
        .containsExactly("STR <*> <*> -> <*>");
  }

  @Test
  void wordsOfAnotherEventStayApart() {
    assertThat(
            templates(
                repeated(
                    20,
                    "Failed password for user# from 10.0.0.# port 7#",
                    "Failed password for invalid user user# from 10.0.0.# port 7#")))
        .containsExactly(
            "Failed password for <*> from <*> port <*>",
            "Failed password for invalid user <*> from <*> port <*>");
  }

  @Test
  void listedFieldsHaveValuesWhateverTheirWords() {
    assertThat(
            templates(
                "Plan: Package: p1~31bf, now: Absent, pending: Install Pending, to: Installed",
                "Plan: Package: p2~31bf, now: Installed, pending: Default, to: Partly Installed",
                "Plan: Package: p3~31bf, now: Install Pending, pending: Default, to: Absent"))
        .containsExactly("Plan: Package: <*>, now: <*>, pending: <*>, to: <*>");
    // One field is no list: what it says is what happened.
    assertThat(templates("Reason: disk full, giving up", "Reason: link down, giving up"))
        .hasSize(2);
  }

  @Test
  void rareKindsAreReadAsOthersOfTheSameWords() {
    List<String> lines = new ArrayList<>();
    for (String program : List.of("ant", "bee", "cow", "dog", "eel")) {
      lines.add(program + " on host error 5: read failed at 7");
      lines.add(program + " on host error 6: write failed at 9");
    }
    lines.add("fox on host error 7: seek failed at 11");
    assertThat(templates(lines.toArray(new String[0])))
        .allMatch(template -> template.startsWith("<*> on host error"));
  }

  @Test
  void theOrderOfTheLinesDoesNotMatter() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                repeated(
                    6,
                    "reader.exe - open via 10.0.0.# ok",
                    "photo helper#.exe - open via [::#]:80 ok",
                    "lock tag=T# source=null",
                    "lock tag=T# source=Source{#}",
                    "sum #|7|9",
                    "sum #|4")));
    List<Template> first = learned(lines.toArray(new String[0]));
    for (int seed = 1; seed <= 5; seed++) {
      Collections.shuffle(lines, new Random(seed));
      assertThat(learned(lines.toArray(new String[0]))).isEqualTo(first);
    }
    TemplateMatcher matcher = new TemplateMatcher(first);
    for (String line : lines) {
      TemplateMatcher.Match match = matcher.match(line);
      assertThat(match.template().fill(match.params())).isEqualTo(line);
    }
  }
}
