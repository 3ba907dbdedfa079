package dev.patchbay.lab.kube.operations;

import dev.patchbay.lab.kube.store.StoredObject;
import java.util.List;
import java.util.OptionalLong;

/**
 * Objects of a list.
 *
 * @param version the version of the whole list
 * @param objects those on this page
 * @param continueToken where the next page begins, empty if this is the last
 * @param remaining how many are on later pages, if that is known
 */
public record Page(long version, List<StoredObject> objects, String continueToken, OptionalLong remaining) {}
