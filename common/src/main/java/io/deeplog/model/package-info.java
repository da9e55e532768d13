/** The model store: a directory a version, each with a manifest, and a pointer to the latest. */
package io.deeplog.model;
