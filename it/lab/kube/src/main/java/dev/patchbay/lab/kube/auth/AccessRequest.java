package dev.patchbay.lab.kube.auth;

import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.model.User;

/**
 * What somebody wants to do.
 *
 * @param verb {@code get}, {@code list}, {@code create}, ... or the method in lower case for paths
 * @param group the API group
 * @param resource the plural; empty if it is about a path
 * @param subresource empty if there is none
 * @param namespace empty if it is cluster-wide
 * @param name empty if it is about no particular object
 * @param path for requests that are about no resource
 */
public record AccessRequest(
    String verb, String group, String resource, String subresource, String namespace, String name, String path) {
  /** About a path. */
  public static AccessRequest path(String verb, String path) {
    return new AccessRequest(verb, "", "", "", "", "", path);
  }

  /** Whether it is about a resource rather than a path. */
  public boolean isResource() {
    return !resource.isEmpty();
  }

  /** {@code pods} or {@code pods/status}. */
  public String resourceAndSubresource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

  /** The refusal in Kubernetes' words (k8s.io/apiserver, handlers/responsewriters/errors.go). */
  public StatusException refusal(User user) {
    String who = "User \"" + user.name() + "\" cannot ";
    if (!isResource()) {
      return StatusException.forbidden("", "", "", "forbidden: " + who + verb + " path \"" + path + "\"");
    }
    String qualified = group.isEmpty() ? resource : resource + "." + group;
    String what = name.isEmpty() ? qualified : qualified + " \"" + name + "\"";
    String where = namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + "\"";
    return StatusException.forbidden(
        group,
        resource,
        name,
        what
            + " is forbidden: "
            + who
            + verb
            + " resource \""
            + resourceAndSubresource()
            + "\" in API group \""
            + group
            + "\""
            + where);
  }
}
