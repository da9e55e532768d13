package io.deeplog.template;

import static io.deeplog.template.Mined.learned;
import static io.deeplog.template.Mined.repeated;
import static io.deeplog.template.Mined.templates;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceRulesTest {
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
  void theSignOfAnArrowIsNoPartOfAState() {
    assertThat(
            templates(
                repeated(
                    5,
                    "state WALK -> WALK conf #",
                    "state IDLE -> WALK conf #",
                    "state RUN -> WALK conf #",
                    "state STAIRS -> WALK conf #",
                    "state UNKNOWN -> WALK conf #")))
        .hasSize(5);
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
  void whatALongValueComesToInBracketsMayBeMissing() {
    assertThat(
            templates(
                repeated(
                    5,
                    "proc# - host# closed, 1# bytes sent, 2# bytes read",
                    "proc# - host# closed, 1# bytes sent, 2# bytes (2.# KB) read",
                    "proc# - host# closed, 1# bytes (1.# KB) sent, 2# bytes read",
                    "proc# - host# closed, 1# bytes (1.# KB) sent, 2# bytes (2.# KB) read",
                    "proc# (32-bit) - host# closed, 1# bytes sent, 2# bytes read")))
        .hasSize(1);
    assertThat(
            templates(
                repeated(
                    5, "DISCOVER from 10.0.0.# via eth#", "DISCOVER from 10.0.0.# (pc#) via eth#")))
        .as("another value, not the same one again")
        .hasSize(2);
  }

  @Test
  void theFieldThatBracketsHoldMayHaveSeveralWords() {
    assertThat(
            templates(
                repeated(
                    5,
                    "Failed to upload report # [HRESULT = 0x8007000# - ERROR_FILE_NOT_FOUND]",
                    "Failed to upload report # [HRESULT = S_OK]")))
        .containsExactly("Failed to upload report <*> [HRESULT = <*>]");
  }

  @Test
  void nothingInQuotesIsAValueOfAField() {
    assertThat(
            templates(
                repeated(
                    5,
                    "sync begins user = u#x trigger = #",
                    "sync begins user = \"\" trigger = #")))
        .containsExactly("sync begins user = <*> trigger = <*>");
  }

  @Test
  void objectsPrintedWithOtherFieldsAreValues() {
    assertThat(
            templates(
                repeated(
                    5,
                    "start refused: Intent { act=view flg=0x# } from pid #",
                    "start refused: Intent { cmp=a.b/.C# } from pid #",
                    "start refused: Intent { act=main cat=[home] flg=0x# cmp=a.b/.C# } from pid #")))
        .containsExactly("start refused: Intent {<*>} from pid <*>");
    assertThat(
            templates(
                repeated(
                    5,
                    "unknown token Token{a# rec=Rec{b# u0}}. Aborting now",
                    "unknown token null. Aborting now")))
        .hasSize(1);
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
}
