/** What Logback finds of ours. */
@org.jspecify.annotations.NullMarked
package dev.patchbay.node.logging;
