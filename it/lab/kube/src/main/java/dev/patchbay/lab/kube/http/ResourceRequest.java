package dev.patchbay.lab.kube.http;

import dev.patchbay.lab.kube.auth.AccessRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request about a resource.
 *
 * @param path what it is about
 * @param verb what it wants: {@code get}, {@code list}, {@code watch}, {@code create}, ...
 * @param access what must be allowed for it
 */
record ResourceRequest(RequestPath path, String verb, AccessRequest access) {
  private static final Pattern NAME_SELECTED = Pattern.compile("(?:^|,)metadata\\.name==?([^,]+)");

  static Optional<ResourceRequest> of(Call call) {
    return RequestPath.parse(call.rawPath()).map(path -> of(path, call));
  }

  private static ResourceRequest of(RequestPath path, Call call) {
    boolean collection = path.name().isEmpty();
    String verb =
        switch (call.method()) {
          case "GET", "HEAD" -> reading(call, collection);
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> collection ? "deletecollection" : "delete";
          default -> "";
        };
    AccessRequest access =
        new AccessRequest(
            verb,
            path.group(),
            path.resource(),
            path.subresource(),
            path.accessNamespace(),
            collection ? selectedName(verb, call.query()) : path.name(),
            "");
    return new ResourceRequest(path, verb, access);
  }

  private static String reading(Call call, boolean collection) {
    if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
      return "upgrade";
    }
    if (call.query().flag("watch")) {
      return "watch";
    }
    return collection ? "list" : "get";
  }

  /** A list or watch of one object by its name counts as a request for that object (endpoints/request, RequestInfo). */
  private static String selectedName(String verb, Query query) {
    if (verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection")) {
      Matcher selected = NAME_SELECTED.matcher(query.text("fieldSelector"));
      return selected.find() ? selected.group(1) : "";
    }
    return "";
  }

  /** The resource as the log names it. */
  String resource() {
    String qualified = path.group().isEmpty() ? path.resource() : path.resource() + "." + path.group();
    return path.subresource().isEmpty() ? qualified : qualified + "/" + path.subresource();
  }
}
