package io.deeplog.jobs.generate;

import io.deeplog.Pure;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The {@link ValueLogs} there are. */
@Pure
public final class ValueSystems {
  /** By name; each takes a seed. */
  public static final Map<String, LongFunction<ValueLogs>> ALL =
      new TreeMap<>(Map.of("pool", PoolLogs::new, "shop", ShopLogs::new));

  private ValueSystems() {}
}
