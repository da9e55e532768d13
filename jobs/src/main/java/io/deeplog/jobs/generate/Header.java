package io.deeplog.jobs.generate;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes the part of a line before its content. Times are milliseconds on the log's own wall clock,
 * counted from 1970; the date and time of the second written last are kept, as most lines share it.
 */
final class Header {
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private final Service service;
  private byte[] stamp = {};
  private long stampSecond = Long.MIN_VALUE;

  Header(Service service) {
    this.service = service;
  }

  void appendTo(LineBuffer line, long millis, Session session, Step step) {
    long second = Math.floorDiv(millis, 1000L);
    if (second != stampSecond) {
      stamp = stamp(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
      stampSecond = second;
    }
    line.raw(stamp);
    switch (service) {
      case BLOCK -> line.text(' ').number(step.origin).text(' ').text(step.level).text(' ');
      case VM ->
          line.text(',')
              .padded((int) Math.floorMod(millis, 1000L), 3)
              .text(' ')
              .text(step.level)
              .text(" [worker-")
              .number(step.origin)
              .text("] ");
      case SYSLOG -> line.text(' ').text(session.host()).text(' ');
    }
    line.text(step.component);
    if (service == Service.SYSLOG && step.origin >= 0) {
      line.text('[').number(step.origin).text(']');
    }
    line.text(": ");
  }

  private byte[] stamp(LocalDateTime time) {
    StringBuilder text = new StringBuilder(20);
    switch (service) {
      case BLOCK -> {
        two(text, time.getYear() % 100);
        two(text, time.getMonthValue());
        two(text, time.getDayOfMonth());
        clock(text.append(' '), time, "");
      }
      case VM -> {
        text.append(time.getYear()).append('-');
        two(text, time.getMonthValue());
        two(text.append('-'), time.getDayOfMonth());
        clock(text.append(' '), time, ":");
      }
      case SYSLOG -> {
        int day = time.getDayOfMonth();
        text.append(MONTHS[time.getMonthValue() - 1]).append(day < 10 ? "  " : " ").append(day);
        clock(text.append(' '), time, ":");
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void clock(StringBuilder text, LocalDateTime time, String separator) {
    two(text, time.getHour());
    two(text.append(separator), time.getMinute());
    two(text.append(separator), time.getSecond());
  }

  private static void two(StringBuilder text, int number) {
    if (number < 10) {
      text.append('0');
    }
    text.append(number);
  }
}
