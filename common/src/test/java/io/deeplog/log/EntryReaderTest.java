package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of several lines, cut into parts anywhere. */
final class EntryReaderTest {
  private static final LogFormats FORMATS = LogFormats.load();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int LOOK_BACK = 1 << 10;

  private static final String STACK =
      """
      \tat before.the.First(Entry.java:1)
      2015-10-18 18:01:47,978 ERROR [main] a.B: failed
      java.io.IOException: closed
      \tat a.B.c(B.java:12)
      \t... 3 more
      Caused by: a.OtherError
          at a.B.d(B.java:1)
      2015-10-18 18:01:48,000 INFO [main] a.B: went on

        blanks after an empty line
      no header
      \tat nowhere
      2015-10-18 18:01:49,000 INFO [main] a.B: last
      Traceback (most recent call last):
        File "x.py", line 1
      KeyError: 'x'\
      """;

  /** The lines of a part of some bytes, as the input format gives them. */
  private static Iterator<EntryReader.Line> lines(byte[] bytes, long start, int lookBack) {
    long from = Math.max(0, start - lookBack);
    int begin = (int) (from == 0 ? 0 : from - 1);
    LineSource source =
        new LineSource(
            new ByteArrayInputStream(bytes, begin, bytes.length - begin),
            begin,
            LogReader.MAX_LINE_BYTES);
    LineDecoder decoder = new LineDecoder();
    return new Iterator<>() {
      private boolean known = from > 0 && !advance();
      private boolean there = !known && advance();

      private boolean advance() {
        try {
          return source.next();
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }

      @Override
      public boolean hasNext() {
        return there;
      }

      @Override
      public EntryReader.Line next() {
        if (!there) {
          throw new NoSuchElementException();
        }
        String text = decoder.decode(source.bytes(), source.length());
        EntryReader.Line line =
            new EntryReader.Line(source.offset(), text, decoder.wasLatin1(), source.isCut());
        there = advance();
        return line;
      }
    };
  }

  static List<RawLine> read(LogFormat format, byte[] bytes, long... cuts) {
    List<RawLine> entries = new ArrayList<>();
    for (int i = 0; i <= cuts.length; i++) {
      long start = i == 0 ? 0 : cuts[i - 1];
      long end = i == cuts.length ? bytes.length : cuts[i];
      new EntryReader(
              "f",
              new EntryReader.Rule(
                  format, Timestamps.YearRule.startingAt(2005, Instant.EPOCH), false),
              start,
              end,
              true,
              lines(bytes, start, LOOK_BACK))
          .forEachRemaining(entries::add);
    }
    return entries;
  }

  private static List<String> texts(List<RawLine> entries) {
    return entries.stream()
        .map(
            e ->
                e.getOffset()
                    + (e.getReason() == null ? " " + e.getContent() : " ! " + e.getLine())
                    + " "
                    + e.getFields())
        .sorted(java.util.Comparator.comparingLong(t -> Long.parseLong(t.split(" ", 2)[0])))
        .toList();
  }

  private static LogFormat format(String name, String sample) {
    return FORMATS.resolve(name, null, List.of(sample.split("\n", -1)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void stackTracesBelongToTheEntryBefore() {
    List<RawLine> entries = read(format("hadoop", STACK), bytes(STACK));
    assertThat(entries)
        .extracting(e -> e.getReason() == null ? e.getContent() : "! " + e.getLine())
        .containsExactly(
            "! \tat before.the.First(Entry.java:1)",
            "failed\njava.io.IOException: closed\n\tat a.B.c(B.java:12)\n\t... 3 more\n"
                + "Caused by: a.OtherError\n    at a.B.d(B.java:1)",
            "went on",
            "! ",
            "!   blanks after an empty line",
            "! no header",
            "! \tat nowhere",
            "last\nTraceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'x'");
    assertThat(entries.get(1).getFields())
        .containsEntry(EntryReader.LINES, "6")
        .containsEntry("Process", "main");
  }

  @Test
  void allLinesThatDoNotFitMayBelongToTheEntryBefore() {
    String text = "2015-10-18 18:01:47,978 INFO [main] a.B: sql\nselect\n\nfrom x\n\n";
    LogFormat format =
        LogFormats.load().with(null, null, "all").resolve("hadoop", null, List.of(text));
    List<RawLine> entries = read(format, bytes(text));
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).getContent()).isEqualTo("sql\nselect\n\nfrom x");
    assertThat(entries.get(0).getFields()).containsEntry(EntryReader.LINES, "5");
    LogFormat none =
        LogFormats.load().with(null, null, "none").resolve("hadoop", null, List.of(text));
    assertThat(read(none, bytes(text))).hasSize(5);
  }

  private static final String CRI =
      """
      2016-10-06T00:17:09.669794202Z stdout P The end\s
      2016-10-06T00:17:10.1Z stderr F other
      2016-10-06T00:17:10.113242941Z stdout P  of it
      garbage
      2016-10-06T00:17:10.2Z stdout F  all
      2016-10-06T00:17:11Z stdout F\s
      2016-10-06T00:17:12Z stderr P never ends
      2016-10-06T00:17:13Z stdout F 2015-10-18 18:01:47,978 INFO [main] a.B: x\
      """;

  @Test
  void partsOfAMessageAreJoined() {
    assertThat(read(format("cri", CRI), bytes(CRI)))
        .extracting(e -> e.getReason() == null ? e.getContent() : "! " + e.getLine())
        .containsExactly(
            "other",
            "! garbage",
            "The end  of it all",
            "",
            "2015-10-18 18:01:47,978 INFO [main] a.B: x",
            "never ends");
    String docker =
        """
        {"log":"The end","stream":"stdout","time":"2020-01-02T03:04:05Z"}
        {"log":"x\\n","stream":"stderr","time":"2020-01-02T03:04:06Z"}
        {"log":" of it\\n","stream":"stdout","time":"2020-01-02T03:04:07Z"}
        """;
    List<RawLine> entries = read(format("docker", docker), bytes(docker));
    assertThat(entries).extracting(RawLine::getContent).containsExactly("x", "The end of it");
    assertThat(entries.get(1).getMicros()).isEqualTo(1_577_934_245_000_000L);
    assertThat(entries.get(1).getFields()).containsEntry("stream", "stdout");
  }

  @Test
  void messagesInContainersHaveTheirOwnHeader() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("2016-10-06T00:17:13Z stdout P 2015-10-18 18:01:47,978 INFO [main]\n");
      text.append("2016-10-06T00:17:14Z stdout F  a.B: x ").append(i).append('\n');
      text.append("2016-10-06T00:17:14Z stdout F 2015-10-18 18:01:47,978 WARN [t] a.C: y\n");
    }
    LogFormat format = format("cri", text.toString().strip());
    assertThat(format.description()).isEqualTo("cri of hadoop");
    List<RawLine> entries = read(format, bytes(text.toString()));
    assertThat(entries).hasSize(40);
    assertThat(entries.get(0).getContent()).isEqualTo("x 0");
    assertThat(entries.get(0).getLevel()).isEqualTo("INFO");
    assertThat(entries.get(0).getMicros())
        .as("the time of the container")
        .isEqualTo(1_475_713_033_000_000L);
  }

  private static final String CSV =
      "\"@timestamp\",message,level,\"n,o\"\r\n"
          + "\"Jul 9, 2019 @ 12:00:01.250\",\"<13>Jul  9 12:00:01 host sshd[12]: a, \"\"b\"\"\",info,1\r\n"
          + "\"Jul 9, 2019 @ 12:00:00.250\",\"<13>Jul  9 12:00:00 host sshd[12]: two\nlines\",,2\r\n"
          + "\r\n"
          + "Jul 8 2019,x,y,z\r\n"
          + "too,few\r\n";

  @Test
  void tablesAreReadByTheirColumns() {
    LogFormat format = FORMATS.resolve("csv", null, List.of(CSV.replace("\r", "").split("\n", -1)));
    List<RawLine> entries = read(format, bytes(CSV));
    assertThat(entries)
        .extracting(e -> e.getReason() == null ? e.getContent() : "! " + e.getReason())
        .containsExactly(
            "a, \"b\"",
            "two\nlines",
            "! empty line",
            "! timestamp cannot be read",
            "! row does not fit the columns");
    assertThat(entries.get(0).getMicros()).isEqualTo(1_562_673_601_250_000L);
    assertThat(entries.get(0).getLevel()).isEqualTo("info");
    assertThat(entries.get(0).getFields())
        .containsEntry("n,o", "1")
        .containsEntry("Priority", "13");
    assertThat(entries.get(1).getFields()).containsEntry(EntryReader.LINES, "2");

    List<String> export = new ArrayList<>(List.of("message;@timestamp"));
    for (int i = 9; i > 0; i--) {
      export.add("<13>Jul  9 12:00:0" + i + " host sshd[12]: a;2018-07-09T12:00:0" + i + "Z");
    }
    LogFormats.Choice auto = FORMATS.best(export);
    assertThat(auto.share()).isEqualTo(1);
    assertThat(auto.format().description()).isEqualTo("csv of syslog");
    RawLine row = read(auto.format(), bytes(String.join("\n", export))).get(0);
    assertThat(row.getContent()).isEqualTo("a");
    assertThat(row.getComponent()).isEqualTo("sshd");
    assertThat(row.getPid()).isEqualTo("12");
    assertThat(row.getMicros()).as("the year is kept").isEqualTo(1_531_137_609_000_000L);

    LogFormat named =
        LogFormats.load()
            .with("b", "c", null)
            .resolve("csv", null, List.of("a,b,c", "1,x,2020-01-02 03:04:05"));
    assertThat(read(named, bytes("a,b,c\n1,x,2020-01-02 03:04:05\n")))
        .extracting(RawLine::getContent)
        .containsExactly("x");
  }

  @Test
  void aStrayQuoteCostsItsLineOnly() {
    String text = "message,n\n\"open,1\nfine,2\n\"closed\",3\n";
    LogFormat format = format("csv", text.strip());
    assertThat(read(format, bytes(text)))
        .extracting(e -> e.getReason() == null ? e.getContent() : "! " + e.getLine())
        .containsExactly("! \"open,1\nfine,2\n\"closed\",3");
    String never = "message,n\nfine,2\n\"open,1\nfine,3\n";
    assertThat(read(format, bytes(never)))
        .extracting(e -> e.getReason() == null ? e.getContent() : "! " + e.getLine())
        .containsExactly("fine", "! \"open,1", "fine");
  }

  @Test
  void noCutShows() {
    for (String[] of : new String[][] {{"hadoop", STACK}, {"cri", CRI}}) {
      LogFormat format = format(of[0], of[1]);
      byte[] bytes = bytes(of[1]);
      List<String> whole = texts(read(format, bytes));
      for (int first = 1; first < bytes.length; first++) {
        assertThat(texts(read(format, bytes, first))).as("cut at " + first).isEqualTo(whole);
        int second = Math.min(bytes.length - 1, first + 7);
        assertThat(texts(read(format, bytes, first, second))).as("at " + first).isEqualTo(whole);
      }
    }
  }

  @Test
  void anEntryIsBounded() {
    String head = "2015-10-18 18:01:47,978 INFO [main] a.B: x\n";
    String text = head + "\tat a\n".repeat(EntryReader.MAX_LINES + 5) + head;
    List<RawLine> entries = read(format("hadoop", head), bytes(text));
    assertThat(entries).hasSize(1 + 6 + 1);
    assertThat(entries.get(1).getReason()).isEqualTo("continues an entry that is too long");
    List<String> whole = texts(entries);
    for (long cut : new long[] {head.length() + 3, text.length() / 2, text.length() - 20}) {
      assertThat(texts(read(format("hadoop", head), bytes(text), cut))).isEqualTo(whole);
    }
  }

  static long linesOf(RawLine entry) {
    return entry.getFields() == null
        ? 1
        : Long.parseLong(entry.getFields().getOrDefault(EntryReader.LINES, "1"));
  }

  @Property(seed = "21", tries = 300)
  void noLineIsLostWhateverTheBytes(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> names = FORMATS.names();
    String name = names.get(random.nextInt(names.size()));
    byte[] bytes = new byte[random.nextInt(4000)];
    String[] pieces = {
      "\n",
      "\n",
      "\n\n",
      "\t",
      " ",
      "\"",
      ",",
      "{\"message\":\"x\"}",
      "message,time\n",
      STACK,
      CRI,
      CSV,
      "\tat a\n",
      "(",
      "[",
      ": ",
      "\u00ff",
      "\r\n",
      "2015-10-18 18:01:47,978 INFO a: "
    };
    int length = 0;
    while (length < bytes.length) {
      byte[] piece =
          random.nextInt(4) == 0
              ? new byte[] {(byte) random.nextInt(256)}
              : bytes(pieces[random.nextInt(pieces.length)]);
      int count = Math.min(piece.length, bytes.length - length);
      System.arraycopy(piece, 0, bytes, length, count);
      length += count;
    }
    LogFormat format = FORMATS.resolve(name, null, List.of("message,time"));
    long lines = 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    lines += bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
    lines -= format.hasHeaderLine() && lines > 0 ? 1 : 0;
    List<RawLine> entries = read(format, bytes);
    assertThat(entries.stream().mapToLong(EntryReaderTest::linesOf).sum())
        .as(name)
        .isEqualTo(lines);
    if (bytes.length > 2 && format.join() != FormatSpec.Join.QUOTES) {
      long[] cuts = random.longs(3, 1, bytes.length).sorted().toArray();
      assertThat(texts(read(format, bytes, cuts)))
          .as(name + Arrays.toString(cuts))
          .isEqualTo(texts(entries));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x", " ", "\t", ":", "\"", "[", "\\\"", "a ", "a: ", "[1] ", "] ", "\tat ", ",", "{",
        "{\"a\":", "<1>", "- ", "\u00ff", "Jan 1 "
      })
  void pathologicalLinesCostLittle(String piece) {
    String repeated = piece.repeat((1 << 20) / piece.length());
    for (String name : FORMATS.names()) {
      LogFormat format = FORMATS.resolve(name, null, List.of("message,time"));
      LogFormat.Entry entry = new LogFormat.Entry();
      for (String head :
          List.of(
              "",
              "2015-10-18 18:01:47,978 INFO [main] a.B",
              "Jun 9 06:06:20 combo ",
              "<1>1 2003-10-11T22:14:15.003Z h a p m [")) {
        // Of this thread alone: other work of the machine does not count.
        long before = THREADS.getCurrentThreadCpuTime();
        format.continues(head + repeated);
        format.read(head + repeated, Timestamps.YearRule.anyYear(), entry, (field, value) -> {});
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before))
            .as(name + " on '" + head + piece + "...'")
            .isLessThan(Duration.ofSeconds(1));
      }
    }
  }
}
