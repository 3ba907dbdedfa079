package dev.patchbay.core.kernel;

import dev.patchbay.spi.datapath.PlanElement;

/**
 * An element of an applied plan that is not as it should be.
 *
 * @param element the element
 * @param found what is there instead, as a sentence: missing, or altered how
 */
public record Deviation(PlanElement element, String found) {}
