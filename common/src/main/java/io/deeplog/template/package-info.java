/**
 * Log templates: masking of what is plainly a value, Drain over the distinct masked lines, and the
 * parser stage that learns templates and matches lines against them in one pass.
 */
package io.deeplog.template;
