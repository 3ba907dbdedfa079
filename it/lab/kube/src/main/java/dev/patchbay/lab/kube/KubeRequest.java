package dev.patchbay.lab.kube;

import java.time.Instant;

/**
 * One request that the API server has answered.
 *
 * @param time when it came
 * @param user who sent it, empty if nobody known
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code patch}, {@code delete},
 *     {@code deletecollection}; the method in lower case for paths that name no resource
 * @param resource {@code pods}, {@code pods/status}, {@code leases.coordination.k8s.io}, ...; or the path
 * @param namespace empty if it is cluster-wide
 * @param name empty if it is about no particular object
 * @param parameters the query, still encoded; empty if there is none
 * @param code the answer's HTTP code; a watch is entered when it begins
 */
public record KubeRequest(
    Instant time,
    String user,
    String verb,
    String resource,
    String namespace,
    String name,
    String parameters,
    int code) {}
