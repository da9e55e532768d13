package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunMergeTest {
  private static List<String> templates(String... lines) {
    return learned(lines).stream().map(Template::text).toList();
  }

  private static List<Template> learned(String... lines) {
    Masker masker = new Masker(Miner.AUTO.masks());
    Map<String, Long> masked = new TreeMap<>();
    Arrays.stream(lines).forEach(line -> masked.merge(masker.mask(line), 1L, Long::sum));
    LineSample sample = new LineSample();
    masked.forEach(sample::add);
    return SampledLearner.mine(sample, Miner.AUTO, MinerOptions.DEFAULT);
  }

  private static String[] repeated(int times, String... lines) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      for (String line : lines) {
        all.add(line.replace("#", Integer.toString(10 + i)));
      }
    }
    return all.toArray(new String[0]);
  }

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
  void fieldsThatAreThereOrNotAreOneValue() {
    assertThat(
            templates(
                repeated(
                    4,
                    "peer closed link to web-# cmds helo=# quit=#",
                    "peer closed link to web-# cmds ehlo=# auth=# quit=#",
                    "peer closed link to web-# cmds ehlo=# mail=# rcpt=# data=# quit=#")))
        .containsExactly("peer closed link to web-<*> cmds <*>");
    assertThat(templates(repeated(4, "session opened user=#", "session opened user=# app=#")))
        .as("two are two kinds of lines")
        .hasSize(2);
  }

  @Test
  void fieldsInBracketsAreOneValueToo() {
    assertThat(
            templates(
                repeated(
                    4,
                    "new place Spot[acc=# t=# alt=# speed=#]",
                    "new place Spot[acc=# t=#]",
                    "new place Spot[acc=# t=# alt=#]")))
        .containsExactly("new place Spot[<*>]");
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
  void theLastOfSeveralPartsMayBeText() {
    assertThat(
            templates(
                repeated(
                    3,
                    "SEL System Event(host#): Mar-1#, 0#:00:00, Memory error, corrected",
                    "SEL System Event(host#): Mar-1#, 0#:00:00, Temperature of board above limit",
                    "SEL System Event(host#): Mar-1#, 0#:00:00, Power lost",
                    "SEL System Event(host#): Mar-1#, 0#:00:00, Fan is slow (limit 5)",
                    "SEL System Event(host#): Mar-1#, 0#:00:00, Voltage low again, asserted")))
        .hasSize(1);
  }

  @Test
  void recordsBehindAColonAreValues() {
    List<String> lines = new ArrayList<>();
    String[] checks = {"disk;OK;HARD;1;all is well", "net;DOWN;SOFT;2;no route to it (5)"};
    String[] more = {
      "cpu;WARN;SOFT;3;load: 5, 6, 7", "fan;OK;HARD;2;turns", "net;OK;HARD;1;up 5 s"
    };
    for (int i = 0; i < 3; i++) {
      for (String check : checks) {
        lines.add("CHECK ALERT: node" + i + ";" + check);
      }
      for (String check : more) {
        lines.add("CHECK ALERT: node" + i + ";" + check);
      }
    }
    assertThat(templates(lines.toArray(new String[0]))).containsExactly("CHECK ALERT: <*>");
  }

  @Test
  void aFewRecordsMakeNoOtherEndAValue() {
    List<String> lines = new ArrayList<>();
    String[] ends = {"disk;WARN;3;full", "cpu;OK;1;idle", "mem;OK;2;fine", "timed out", "was lost"};
    for (String end : ends) {
      lines.add("Health check result: " + end);
    }
    for (String end : List.of("is unknown", "not asked for", "has been repeated")) {
      lines.add("Health check result: " + end);
    }
    assertThat(templates(lines.toArray(new String[0])))
        .contains("Health check result: timed out", "Health check result: was lost");
  }

  @Test
  void namesBehindAPrepositionAreValuesWhateverTheyAreMadeOf() {
    assertThat(
            templates(
                "Found a free executor for web",
                "Found a free executor for nightly backup",
                "Found a free executor for old mail (part 2)",
                "Found a free executor for data: etl jobs 7",
                "Found a free executor for site, second copy of it"))
        .containsExactly("Found a free executor for <*>");
  }

  @Test
  void aValueBeforeBracketsMayBeMissing() {
    assertThat(
            templates(
                repeated(
                    4,
                    "session opened for user u#(uid=#) by root#(uid=#)",
                    "session opened for user u#(uid=#) by (uid=#)")))
        .hasSize(1);
  }

  @Test
  void aFewWordsInTheMiddleAreAValueWhereThereAreEnough() {
    List<String> lines = new ArrayList<>();
    for (String what :
        List.of("disk space", "free swap", "response time", "clock", "old tmp files")) {
      lines.add("Node monitoring " + what + " completed in 5 ms");
      lines.add("Node monitoring " + what + " completed in 17 ms");
    }
    assertThat(templates(lines.toArray(new String[0])))
        .containsExactly("Node monitoring <*> completed in <*> ms");
    assertThat(templates(lines.subList(0, 8).toArray(new String[0]))).hasSize(4);
  }

  @Test
  void whatBracketsAtTheEndTellIsNoPartOfTheReason() {
    assertThat(
            templates(
                repeated(
                    2,
                    "C-0x#a: db1/u# closing because: client request (age=#s)",
                    "C-0x#a: db1/u# closing because: idle (age=#s)",
                    "C-0x#a: db1/u# closing because: server went away (age=#s)",
                    "C-0x#a: db1/u# closing because: not enough memory (age=#s)",
                    "C-0x#a: db1/u# closing because: bad packet of # bytes (age=#s)")))
        .hasSize(1)
        .first()
        .asString()
        .endsWith("closing because: <*> (age=<*>)");
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
  void whatIsMissingStandsForAValue() {
    assertThat(
            templates(
                "store begins, 5 steps on @0x1a2b3c4d",
                "store begins, 7 steps on @0x5a2b3c4e",
                "store begins, 9 steps on (null)"))
        .containsExactly("store begins, <*> steps on <*>");
    assertThat(
            templates(
                "lock taken tag=<a b> source=null flags=1",
                "lock taken tag=<a b> source=Source{10 20} flags=1"))
        .containsExactly("lock taken tag=<a b> source=<*> flags=<*>");
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
  void manyEndsBehindValuesAreOneValue() {
    String[] lines =
        repeated(
            5,
            "call 10# of pool 7# failed after # ms: no route to host",
            "call 10# of pool 7# failed after # ms: busy",
            "call 10# of pool 7# failed after # ms: remote end hung up (code #)",
            "call 10# of pool 7# failed after # ms: timed out waiting",
            "call 10# of pool 7# failed after # ms: (null)",
            "call 10# of pool 7# failed after # ms: certificate has no name");
    List<Template> templates = learned(lines);
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("call <*> of pool <*> failed after <*> ms: <*>");
    TemplateMatcher.Match match = new TemplateMatcher(templates).match(lines[2]);
    assertThat(match.params()).containsExactly("1010", "710", "10", "remote end hung up (code 10)");
  }

  @Test
  void aValueWithItsUnitOrItsRepetitionIsAValue() {
    assertThat(
            templates(
                repeated(
                    5,
                    "tunnel 1# closed: out=7# in=3# after 2m05s",
                    "tunnel 1# closed: out=7# in=3# after # s",
                    "tunnel 1# closed: out=7# (72# KB) in=3# after # s",
                    "tunnel 1# closed: out=7# in=3# (1# KB) after # s")))
        .containsExactly("tunnel <*> closed: out=<*> in=<*> after <*>");
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
  void optionsOfACommandAreNoFields() {
    assertThat(
            templates(
                "(root) RUN (/opt/clean)",
                "(root) RUN (/opt/clean --day=7)",
                "(root) RUN (/opt/rotate -q 5)",
                "(maria) RUN (/opt/clean)",
                "(maria) RUN (/opt/clean --day=7)",
                "(maria) RUN (/opt/rotate -q 5)"))
        .containsExactly("(<*>) RUN (<*>)");
  }

  @Test
  void quotedTextIsAValueWhereOthersAreOneWord() {
    List<Template> templates =
        learned(
            repeated(
                5,
                "link # goes direct because of home#",
                "link # goes direct because of 'work hosts'"));
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("link <*> goes direct because of <*>");
    assertThat(
            new TemplateMatcher(templates)
                .match("link 7 goes direct because of 'work hosts'")
                .params())
        .containsExactly("7", "'work hosts'");
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
  void theValueOfAFieldMayHoldACommaOrBeUnknown() {
    List<Template> templates =
        learned(
            repeated(
                5,
                "[weigh] part 7#: have=a#, goal=b#, score=#",
                "[weigh] part 7#: have=a#, Pending, goal=b#, score=#",
                "[weigh] part 7#: have=?, goal=b#, score=#"));
    assertThat(templates)
        .extracting(Template::text)
        .containsExactly("[weigh] part <*>: have=<*>, goal=<*>, score=<*>");
    assertThat(
            new TemplateMatcher(templates)
                .match("[weigh] part 710: have=a10, Pending, goal=b3, score=1")
                .params())
        .containsExactly("710", "a10, Pending", "b3", "1");
  }

  @Test
  void aNameOfPartsIsOneValue() {
    assertThat(
            templates(
                repeated(
                    5,
                    "probe 1# in Roll-#;3.#;;x86: want 7#",
                    "probe 1# in Speech;3.#;en;x86: want 7#",
                    "probe 1# in Roll-#;3.#;de;x64: want 7#")))
        .containsExactly("probe <*> in <*>: want <*>");
  }

  @Test
  void anArgumentThatIsNullStandsForAValue() {
    assertThat(
            templates(
                repeated(
                    5, "veil(Pane#1(dock#), 1#) asked by home#", "veil(null, 1#) asked by home#")))
        .containsExactly("veil(<*>, <*>) asked by <*>");
  }

  @Test
  void commandsAndExceptionsBehindAColonAreValues() {
    assertThat(
            templates(
                repeated(
                    5,
                    "starting chore 1# as user#: /opt/clean -q",
                    "starting chore 1# as user#: /opt/rotate --keep 1#",
                    "starting chore 1# as user#: runset night -v")))
        .containsExactly("starting chore <*> as <*>: <*>");
    assertThat(
            templates(
                repeated(
                    5,
                    "pull 1# from node# broke off: org.acme.FetchLost: block # of 7#",
                    "pull 1# from node# broke off: java.io.IOException: pipe shut",
                    "pull 1# from node# broke off: org.acme.TooLate: none")))
        .containsExactly("pull <*> from <*> broke off: <*>");
  }

  @Test
  void errorsThatEndSeveralKindsOfLinesAreValues() {
    String[] errors = {"Broken pipe", "No route to host", "Connection reset by peer"};
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      lines.add("read error, peer 10.0.0." + i + ": " + errors[i % 3]);
      lines.add("write error, peer 10.0.0." + i + ": " + errors[i % 2]);
      lines.add("health of peer 10.0.0." + i + ": " + (i % 2 == 0 ? "all well" : "not so good"));
    }
    assertThat(templates(lines.toArray(new String[0])))
        .containsExactly(
            "health of peer <*>: all well",
            "health of peer <*>: not so good",
            "read error, peer <*>: <*>",
            "write error, peer <*>: <*>");
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
  void fewEndsOrLittleBeforeThemAreOtherEvents() {
    assertThat(
            templates(
                repeated(
                    5,
                    "call 10# of pool 7# failed after # ms: no route to host",
                    "call 10# of pool 7# failed after # ms: busy",
                    "call 10# of pool 7# failed after # ms: timed out waiting")))
        .hasSize(3);
    assertThat(
            templates(
                repeated(
                    5,
                    "service # of node 7# unit 3# started now",
                    "service # of node 7# unit 3# stopped",
                    "service # of node 7# unit 3# paused",
                    "service # of node 7# unit 3# resumed",
                    "service # of node 7# unit 3# restarted",
                    "service # of node 7# unit 3# exited with code #")))
        .as("what happened")
        .hasSize(6);
    assertThat(
            templates(
                repeated(
                    5,
                    "usb 1#: new device found",
                    "usb 1#: reset",
                    "usb 1#: configuration chosen from the list",
                    "usb 1#: disconnect now")))
        .as("a component")
        .hasSize(4);
  }

  @Test
  void nothingBeforeACommaIsAValueToo() {
    assertThat(
            templates(repeated(5, "peer (null), # ms", "peer (null), # ms", "peer 10.0.0.#, # ms")))
        .containsExactly("peer <*>, <*> ms");
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
