/** Sessions and the windows of log keys in them. */
package io.deeplog.sequence;
