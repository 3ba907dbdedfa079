/** What came of the histories of {@code make test}. */
@org.jspecify.annotations.NullMarked
package dev.patchbay.it.histories;
