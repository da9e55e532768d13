package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.ExitCode;
import io.deeplog.LocalSpark;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class LogReaderTest {
  @TempDir private Path directory;

  private static String line(int i) {
    return String.format(
        "081109 %02d%02d%02d %d INFO dfs.DataNode: Receiving block blk_%d",
        i / 3600 % 24, i / 60 % 60, i % 60, i % 97, i * 7919L);
  }

  private Path write(String name, String text) throws IOException {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private static List<RawLine> read(SparkSession spark, String format, String... paths) {
    return sorted(new LogReader(spark).format(format).open(List.of(paths)).lines());
  }

  private static List<RawLine> sorted(Dataset<Row> lines) {
    List<RawLine> result = new ArrayList<>(lines.as(Encoders.bean(RawLine.class)).collectAsList());
    result.sort(Comparator.comparing(RawLine::getSource).thenComparing(RawLine::getOffset));
    return result;
  }

  private static String text(RawLine line) {
    return line.getOffset()
        + " "
        + (line.getReason() == null ? line.getContent() : "! " + line.getLine());
  }

  @Test
  void linksAreFollowedOnce(SparkSession spark) throws IOException {
    Path file = write("logs/a.log", line(1) + "\n");
    Files.createSymbolicLink(directory.resolve("logs/b.log"), file);
    Files.createSymbolicLink(directory.resolve("logs/self"), directory.resolve("logs"));
    Files.createSymbolicLink(directory.resolve("logs/gone"), directory.resolve("nowhere"));
    assertThat(read(spark, "hdfs", directory.resolve("logs").toString())).hasSize(1);
  }

  @Test
  void namesWithColonsAreRefused(SparkSession spark) throws IOException {
    write("days/of-10:00/a.log", line(1) + "\n");
    assertThat(read(spark, "hdfs", directory.resolve("days").toString())).hasSize(1);
    Path file = write("logs/app-10:00.log", line(1) + "\n");
    for (Path input : List.of(file, file.getParent())) {
      assertThatThrownBy(() -> read(spark, "hdfs", input.toString()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("no colon");
    }
  }

  @Test
  void everyLineIsAcceptedOrRejectedWithItsOffset(SparkSession spark) throws IOException {
    String text = line(1) + "\r\n\r\n" + line(2) + "\n\nstack trace\n" + line(3);
    Path file = write("a.log", text);
    List<RawLine> lines = read(spark, "hdfs", file.toString());
    int second = line(1).length() + 4;
    int third = second + line(2).length() + 2 + "stack trace\n".length();
    assertThat(lines)
        .extracting(LogReaderTest::text)
        .containsExactly(
            "0 Receiving block blk_7919",
            line(1).length() + 2 + " ! ",
            second + " Receiving block blk_15838",
            (second + line(2).length() + 1) + " ! ",
            (second + line(2).length() + 2) + " ! stack trace",
            third + " Receiving block blk_23757");
    assertThat(lines)
        .extracting(RawLine::getReason)
        .containsExactly(
            null, "empty line", null, "empty line", "header does not fit the format", null);
    assertThat(lines.get(0).getPid()).isEqualTo("1");
    assertThat(lines.get(0).getLevel()).isEqualTo("INFO");
    assertThat(lines.get(0).getComponent()).isEqualTo("dfs.DataNode");

    Map<Long, String> again =
        new RawLines(spark)
            .read(lines.get(0).getSource(), lines.stream().map(RawLine::getOffset).toList());
    assertThat(new TreeMap<>(again).values())
        .containsExactly(line(1), "", line(2), "", "stack trace", line(3));
  }

  @Test
  void entriesAndRejectsAreTheWhole(SparkSession spark) throws IOException {
    Path file = write("a.log", line(1) + "\nbad\n" + line(2) + "\n");
    Dataset<Row> lines = new LogReader(spark).open(List.of(file.toString())).lines();
    assertThat(LogReader.entries(lines).columns())
        .containsExactly(
            "source", "offset", "ts", "level", "component", "host", "pid", "fields", "content");
    assertThat(LogReader.entries(lines).select("ts").collectAsList())
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrder(
            Instant.parse("2008-11-09T00:00:01Z"), Instant.parse("2008-11-09T00:00:02Z"));
    assertThat(LogReader.rejects(lines).collectAsList())
        .extracting(row -> row.<String>getAs("line"))
        .containsExactly("bad");
  }

  @Test
  void emptyFilesHaveNoLines(SparkSession spark) throws IOException {
    Path empty = write("empty.log", "");
    assertThat(read(spark, "hdfs", empty.toString())).isEmpty();
    assertThatThrownBy(() -> read(spark, "auto", empty.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void aHugeLineIsOneLine(SparkSession spark) throws IOException {
    String huge = line(2) + " " + "x y".repeat(10 << 20 >> 1);
    Path file = write("huge.log", line(1) + "\n" + huge + "\n" + line(3) + "\n");
    assertThat(Files.size(file)).isGreaterThan(10 << 20);
    List<RawLine> lines = read(spark, "hdfs", file.toString());
    assertThat(lines).hasSize(3).allMatch(line -> line.getReason() == null);
    assertThat(lines.get(1).getContent())
        .hasSize(huge.length() - "081109 000002 2 INFO dfs.DataNode: ".length());
    assertThat(lines.get(2).getOffset()).isEqualTo(line(1).length() + huge.length() + 2);
  }

  @Test
  void invalidUtf8IsKept(SparkSession spark) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write((line(1) + " ").getBytes(StandardCharsets.UTF_8));
    bytes.write(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
    bytes.write((line(2) + " ü\n").getBytes(StandardCharsets.UTF_8));
    Path file = write("latin.log", bytes.toByteArray());
    List<RawLine> lines = read(spark, "hdfs", file.toString());
    assertThat(lines.get(0).getContent()).endsWith(" \u00ff\u00fe");
    assertThat(lines.get(0).getFields()).containsEntry("encoding", "ISO-8859-1");
    assertThat(lines.get(1).getContent()).endsWith(" ü");
    assertThat(lines.get(1).getFields()).isNull();
    assertThat(lines.get(1).getOffset()).isEqualTo(line(1).length() + 4);
    assertThat(new RawLines(spark).read(lines.get(0).getSource(), List.of(0L)))
        .containsEntry(0L, line(1) + " \u00ff\u00fe");
  }

  @Test
  void compressedFilesGiveTheSameLines(SparkSession spark) throws IOException {
    String text = lines(0, 500);
    write("plain/a.log", text);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(write("gz/a.log.gz", "")))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(spark.sparkContext().hadoopConfiguration());
    try (OutputStream out =
        codec.createOutputStream(Files.newOutputStream(write("bz2/a.log.bz2", "")))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    List<String> plain = texts(read(spark, "auto", directory.resolve("plain").toString()));
    assertThat(plain).hasSize(500);
    assertThat(texts(read(spark, "auto", directory.resolve("gz").toString()))).isEqualTo(plain);
    List<RawLine> bz2 = read(spark, "auto", directory.resolve("bz2").toString());
    assertThat(texts(bz2)).isEqualTo(plain);
    assertThat(new RawLines(spark).read(bz2.get(0).getSource(), List.of(0L)))
        .as("a compressed file cannot be entered in its middle")
        .isEmpty();
  }

  @Test
  void zstandardIsRead(SparkSession spark) throws IOException {
    Path file = directory.resolve("a.log.zst");
    // Two frames, as a log that is appended to has.
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int part = 0; part < 2; part++) {
        out.write(
            com.github.luben.zstd.Zstd.compress(
                lines(part * 300, part * 300 + 300).getBytes(StandardCharsets.UTF_8)));
      }
    }
    List<RawLine> lines = read(spark, "auto", file.toString());
    assertThat(texts(lines)).isEqualTo(texts(read(spark, "hdfs", write("p", lines(0, 600)) + "")));
    assertThat(lines).hasSize(600);
  }

  @Test
  void filesOfOneRunMayDiffer(SparkSession spark) throws IOException {
    write("mixed/a.log", "\ufeff" + lines(0, 20));
    write("mixed/b.log", "Jun  9 06:06:20 combo kernel: up\nJun  9 06:06:21 combo\n");
    write("mixed/c.json", "{\"message\":\"m " + "x".repeat(100_000) + "\",\"time\":1577934245}\n");
    write("mixed/d.csv", "@timestamp,message\n2020-01-02T03:04:05Z,\"a\nb\"\n");
    write("mixed/e.log", "");
    LogReader.Input input =
        new LogReader(spark).year(2005).open(List.of(directory.resolve("mixed").toString()));
    assertThat(input.formats())
        .extracting(LogReader.Found::text)
        .containsExactly(
            "hdfs (2 files, 100% of sampled entries fit)",
            "syslog (1 file, 50% of sampled entries fit)",
            "json (1 file, 100% of sampled entries fit)",
            "csv (1 file, 100% of sampled entries fit)");
    List<RawLine> lines = sorted(input.lines());
    assertThat(lines).hasSize(20 + 2 + 1 + 1);
    assertThat(lines.get(0).getOffset()).isZero();
    assertThat(lines.get(0).getContent())
        .as("no byte order mark")
        .isEqualTo("Receiving block blk_0");
    assertThat(lines.get(22).getContent()).hasSize(100_002);
    assertThat(lines.get(23).getContent()).isEqualTo("a\nb");
    assertThat(new RawLines(spark).read(lines.get(22).getSource(), List.of(0L)).get(0L))
        .hasSizeGreaterThan(100_000);
  }

  @Test
  void aFileThatNoPresetReadsIsTold(SparkSession spark) throws IOException {
    write("odd/a.log", lines(0, 20));
    write("odd/b.log", "");
    write("odd/c.txt", "Dear reader\nthis is a letter\nand no log\n");
    LogReader.Input input = new LogReader(spark).open(List.of(directory.resolve("odd").toString()));
    assertThat(input.unread()).hasSize(1);
    assertThat(input.unread().get(0)).contains("odd/c.txt", "hdfs", "--format");
    assertThat(input.formats())
        .extracting(LogReader.Found::text)
        .containsExactly("hdfs (3 files, 100% of sampled entries fit)");
    assertThat(LogReader.rejects(input.lines()).count()).isEqualTo(3);
  }

  @Test
  void entriesOfSeveralLinesCrossSplits(SparkSession spark) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append("2015-10-18 18:01:47,978 ERROR [main] a.B: failed ").append(i).append('\n');
      text.append("java.io.IOException: closed\n\tat a.B.c(B.java:12)\n\tat a.B.d(B.java:13)\n");
    }
    Path file = write("stack.log", text.toString());
    Dataset<Row> lines = new LogReader(spark).open(List.of(file.toString())).lines();
    assertThat(lines.rdd().getNumPartitions()).isGreaterThan(2);
    List<RawLine> entries = sorted(lines);
    assertThat(entries).hasSize(30_000);
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).getContent())
          .isEqualTo(
              "failed "
                  + i
                  + "\njava.io.IOException: closed\n\tat a.B.c(B.java:12)\n\tat a.B.d(B.java:13)");
    }
    assertThat(
            LogReader.entries(lines)
                .agg(org.apache.spark.sql.functions.sum(LogReader.lineCount()))
                .first()
                .getLong(0))
        .isEqualTo(120_000);
  }

  private static String lines(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(line(i)).append('\n');
    }
    return text.toString();
  }

  private static List<String> texts(List<RawLine> lines) {
    return lines.stream().map(LogReaderTest::text).toList();
  }

  private static final String LEAST_SPLIT = "mapreduce.input.fileinputformat.split.minsize";

  @Test
  void splitsDoNotShow(SparkSession spark) throws IOException {
    StringBuilder text = new StringBuilder(lines(0, 20_000));
    text.append("no header\r\n").append("\n".repeat(40)).append(line(1)).append(" ü".repeat(30000));
    text.append('\n').append(lines(20_000, 50_000));
    Path file = write("a.log", text.toString());
    LogReader.Input input = new LogReader(spark).format("hdfs").open(List.of(file.toString()));
    Dataset<Row> lines = input.lines();
    assertThat(lines.rdd().getNumPartitions()).isGreaterThan(3);
    List<String> split = texts(sorted(lines));
    List<String> whole =
        LocalSpark.with(
            spark,
            LEAST_SPLIT,
            "1000000000",
            () -> {
              Dataset<Row> one =
                  new LogReader(spark).format("hdfs").open(List.of(file.toString())).lines();
              assertThat(one.rdd().getNumPartitions()).isEqualTo(1);
              return texts(sorted(one));
            });
    assertThat(whole).hasSize(50_000 + 1 + 40 + 1);
    assertThat(split).isEqualTo(whole);
    List<Row> unparsed = input.unparsed().orderBy("offset").collectAsList();
    assertThat(unparsed).hasSameSizeAs(whole);
    assertThat(unparsed.get(20_000).getString(1)).isEqualTo("no header\r");
  }

  @Test
  void bzip2IsNotSplit(SparkSession spark) throws IOException {
    byte[] random = new byte[2_000_000];
    new java.util.Random(1).nextBytes(random);
    byte[] text = java.util.Base64.getMimeEncoder().encode(random);
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(spark.sparkContext().hadoopConfiguration());
    Path file = directory.resolve("a.log.bz2");
    try (OutputStream out = codec.createOutputStream(Files.newOutputStream(file))) {
      out.write(text);
    }
    assertThat(Files.size(file)).isGreaterThan(3 << 19);
    assertThat(partitions(spark, file)).isEqualTo(1);
    assertThat(partitions(spark, write("a.log", text))).isGreaterThan(1);
  }

  private static int partitions(SparkSession spark, Path file) {
    return new LogReader(spark)
        .format("hdfs")
        .open(List.of(file.toString()))
        .lines()
        .rdd()
        .getNumPartitions();
  }

  @Test
  void findsFilesByGlobAndDirectory(SparkSession spark) throws IOException {
    write("logs/b.log", line(2) + "\n");
    write("logs/deep/a.log", line(1) + "\n");
    write("logs/.hidden", line(3) + "\n");
    write("logs/_SUCCESS", line(3) + "\n");
    write("logs/_temporary/x.log", line(3) + "\n");
    write("other.txt", line(4) + "\n");
    LogReader.Input input =
        new LogReader(spark).open(List.of(directory.resolve("logs").toString()));
    assertThat(input.fileCount()).isEqualTo(2);
    assertThat(input.bytes()).isEqualTo(line(1).length() + line(2).length() + 2);
    assertThat(input.format().name()).isEqualTo("hdfs");
    assertThat(input.sample()).hasSize(2);
    assertThat(sorted(input.lines())).hasSize(2);
    assertThat(read(spark, "hdfs", directory + "/logs/*.log")).hasSize(1);
    assertThat(read(spark, "hdfs", directory + "/{logs/b.log,other.txt}")).hasSize(2);
    assertThat(read(spark, "hdfs", directory + "/logs/b.log", directory + "/logs"))
        .as("a file named twice is read once")
        .hasSize(2);
  }

  @Test
  void namesMayHoldBlanksAndOddCharacters(SparkSession spark) throws IOException {
    write("my logs/a file, v1 ü.log", line(1) + "\n");
    write("my logs/app[1].log", line(2) + "\n");
    write("my logs/b{x}*?.log", line(3) + "\n");
    List<RawLine> lines = read(spark, "hdfs", directory.resolve("my logs").toString());
    assertThat(lines)
        .extracting(line -> line.getSource().substring(line.getSource().lastIndexOf('/') + 1))
        .containsExactly("a file, v1 ü.log", "app[1].log", "b{x}*?.log");
    assertThat(new RawLines(spark).read(lines.get(0).getSource(), List.of(0L)))
        .containsEntry(0L, line(1));
  }

  @Test
  void yearsComeFromTheOptionOrTheFile(SparkSession spark) throws IOException {
    Path file =
        write("messages", "Dec 31 23:59:59 combo sshd[1]: a\nJan  1 00:00:01 combo sshd[1]: b\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2011-01-02T00:00:00Z")));
    LogReader reader = new LogReader(spark).format("syslog");
    assertThat(reader.load(file.toString()).orderBy("offset").select("ts").collectAsList())
        .extracting(row -> row.get(0))
        .containsExactly(
            Instant.parse("2010-12-31T23:59:59Z"), Instant.parse("2011-01-01T00:00:01Z"));
    assertThat(
            reader.year(2005).load(file.toString()).orderBy("offset").select("ts").collectAsList())
        .extracting(row -> row.get(0))
        .containsExactly(
            Instant.parse("2005-12-31T23:59:59Z"), Instant.parse("2006-01-01T00:00:01Z"));
  }

  @Test
  void wrongInputIsAUserError(SparkSession spark) throws IOException {
    assertThatThrownBy(() -> read(spark, "hdfs", directory + "/nowhere"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("input not found")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.INPUT));
    Path odd = write("odd.log", "what is this\n");
    assertThatThrownBy(() -> read(spark, "auto", odd.toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no preset reads")
        .hasMessageContaining("what is this");
    LogReader.Input input = new LogReader(spark).format("hdfs").open(List.of(odd.toString()));
    assertThat(input.rejectedSample()).containsExactly("what is this");
    Files.createDirectories(directory.resolve("void"));
    assertThatThrownBy(() -> read(spark, "hdfs", directory + "/void"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no files in");
  }

  @Test
  void openingStartsNoJob(SparkSession spark) throws IOException {
    Path file = write("a.log", line(1) + "\n");
    assertThat(LocalSpark.jobsOf(spark, () -> new LogReader(spark).load(file.toString())))
        .isEmpty();
  }
}
