package dev.patchbay.lab.kube.store;

import java.util.List;

/**
 * The objects of a resource as they were at one version.
 *
 * @param version the version
 * @param objects in the order of namespace and name
 */
public record Snapshot(long version, List<StoredObject> objects) {}
