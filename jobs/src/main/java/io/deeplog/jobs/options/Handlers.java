package io.deeplog.jobs.options;

import java.math.BigDecimal;
import org.kohsuke.args4j.CmdLineParser;
import org.kohsuke.args4j.OptionDef;
import org.kohsuke.args4j.OptionHandlerRegistry;
import org.kohsuke.args4j.spi.BooleanOptionHandler;
import org.kohsuke.args4j.spi.DoubleOptionHandler;
import org.kohsuke.args4j.spi.Setter;

/** Option handlers that print their defaults as a person would write them. */
final class Handlers {
  private Handlers() {}

  static void register() {
    OptionHandlerRegistry registry = OptionHandlerRegistry.getRegistry();
    registry.registerHandler(boolean.class, Flag.class);
    registry.registerHandler(double.class, Decimal.class);
  }

  /** A flag is off by default; that goes without saying. */
  public static final class Flag extends BooleanOptionHandler {
    /** As args4j makes it. */
    public Flag(CmdLineParser parser, OptionDef option, Setter<? super Boolean> setter) {
      super(parser, option, setter);
    }

    @Override
    public String printDefaultValue() {
      return null;
    }
  }

  /** 0.0005, not 5.0E-4. */
  public static final class Decimal extends DoubleOptionHandler {
    /** As args4j makes it. */
    public Decimal(CmdLineParser parser, OptionDef option, Setter<? super Double> setter) {
      super(parser, option, setter);
    }

    @Override
    public String printDefaultValue() {
      String value = super.printDefaultValue();
      return value == null ? null : new BigDecimal(value).stripTrailingZeros().toPlainString();
    }
  }
}
