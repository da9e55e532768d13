package io.deeplog;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose algorithm is plain Java: it imports nothing of Spark, Hadoop or DL4J, so that
 * it can be tested, reused and reasoned about alone. Kept by the architecture test.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Pure {}
