package dev.patchbay.lab.kube.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A request that fails, as Kubernetes puts it: an HTTP code and a {@code Status} object. Codes, reasons and the shape
 * of messages are those of k8s.io/apimachinery, {@code api/errors}.
 */
public final class StatusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Details that are there and empty. */
  private static final ObjectNode SAYS_NOTHING = Json.object();

  private final int code;
  private final String reason;
  private final String message;
  private final ObjectNode details;

  private StatusException(int code, String reason, String message, ObjectNode details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.message = message;
    this.details = details;
  }

  /**
   * One thing wrong in an object.
   *
   * @param reason {@code FieldValueRequired}, {@code FieldValueInvalid} and so on
   * @param field its path, {@code spec.containers[0].name} for instance
   * @param message what is wrong, without the path
   */
  public record Cause(String reason, String field, String message) {
    /** A field that must be there and is not. */
    public static Cause required(String field, String detail) {
      return new Cause("FieldValueRequired", field, "Required value" + (detail.isEmpty() ? "" : ": " + detail));
    }

    /** A field with a value that is not allowed; {@code value} as it stands in JSON. */
    public static Cause invalid(String field, String value, String detail) {
      return new Cause("FieldValueInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    /** A text that is too long. */
    public static Cause tooLong(String field, long most) {
      return new Cause("FieldValueTooLong", field, "Too long: may not be more than " + most + " bytes");
    }

    /** A list or map with too much in it. */
    public static Cause tooMany(String field, long found, long most) {
      String items = most == 1 ? " item" : " items";
      return new Cause("FieldValueTooMany", field, "Too many: " + found + ": must have at most " + most + items);
    }

    /** A field of another type than the schema's; {@code value} is the type found, in quotes. */
    public static Cause wrongType(String field, String value, String detail) {
      return new Cause("FieldValueTypeInvalid", field, "Invalid value: " + value + ": " + detail);
    }

    /** A field whose value is none of those allowed. */
    public static Cause notSupported(String field, String value, List<String> allowed) {
      String values = allowed.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "));
      String message = "Unsupported value: " + value + ": supported values: " + values;
      return new Cause("FieldValueNotSupported", field, message);
    }

    /** A field that may not be set or changed. */
    public static Cause forbidden(String field, String detail) {
      return new Cause("FieldValueForbidden", field, "Forbidden: " + detail);
    }
  }

  /** 400: the request makes no sense. */
  public static StatusException badRequest(String message) {
    return new StatusException(400, "BadRequest", message, Json.object());
  }

  /** 401: nobody known calls. */
  public static StatusException unauthorized() {
    return new StatusException(401, "Unauthorized", "Unauthorized", Json.object());
  }

  /** 403 for a request on a resource; {@code message} is the whole text. */
  public static StatusException forbidden(String group, String resource, String name, String message) {
    return new StatusException(403, "Forbidden", message, details(group, resource, name));
  }

  /** 404 for an object. */
  public static StatusException notFound(ResourceType type, String name) {
    return new StatusException(
        404, "NotFound", type.qualified() + " \"" + name + "\" not found", details(type.group(), type.plural(), name));
  }

  /** 404 for a path that nothing serves. */
  public static StatusException noSuchPath() {
    return new StatusException(404, "NotFound", "the server could not find the requested resource", SAYS_NOTHING);
  }

  /** 422 for a JSON patch that does not fit: what exactly, the API server does not tell whoever sent it. */
  public static StatusException unprocessable() {
    return new StatusException(
        422, "Invalid", "the server rejected our request due to an error in our request", SAYS_NOTHING);
  }

  /** 404 for a namespace in which something was to be made. */
  public static StatusException noNamespace(String name) {
    return new StatusException(
        404, "NotFound", "namespaces \"" + name + "\" not found", details("", "namespaces", name));
  }

  /** 422 for options of a request rather than an object. */
  public static StatusException invalidOptions(String kind, Cause cause) {
    return invalid("meta.k8s.io", kind, "", List.of(cause));
  }

  /** 422 for an update that must name the version it replaces and does not; it is told of by the resource. */
  public static StatusException unconditional(ResourceType type, String name) {
    return invalid(
        type.group(),
        type.plural(),
        name,
        List.of(Cause.invalid("metadata.resourceVersion", "0", "must be specified for an update")));
  }

  /** 409 for a precondition of a deletion that does not hold; it is told of by the kind. */
  public static StatusException precondition(ResourceType type, String name, String why) {
    String kind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    return new StatusException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + kind + " \"" + name + "\": " + why,
        details(type.group(), type.kind(), name));
  }

  /** 500 without a reason, as errors of the API server end that it does not foresee. */
  public static StatusException unforeseen(String message) {
    return new StatusException(500, "", message, Json.object());
  }

  /** 409 for a name that is taken. */
  public static StatusException alreadyExists(ResourceType type, String name) {
    return new StatusException(
        409,
        "AlreadyExists",
        type.qualified() + " \"" + name + "\" already exists",
        details(type.group(), type.plural(), name));
  }

  /** 409 for an object that has changed meanwhile, or that does not allow the change now. */
  public static StatusException conflict(ResourceType type, String name, String why) {
    return new StatusException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
        details(type.group(), type.plural(), name));
  }

  /** 409 for fields that other managers own, one cause for each (server-side apply). */
  public static StatusException applyConflict(String message, List<Cause> causes) {
    ObjectNode details = Json.object();
    addCauses(details, causes);
    return new StatusException(409, "Conflict", message, details);
  }

  /** 409 for an update whose resource version is not the present one. */
  public static StatusException modified(ResourceType type, String name) {
    return conflict(
        type, name, "the object has been modified; please apply your changes to the latest version and try again");
  }

  /** 422 for an object with things wrong in it. */
  public static StatusException invalid(ResourceType type, String name, List<Cause> causes) {
    return invalid(type.group(), type.kind(), name, causes);
  }

  /** 422 for an object of a kind that need not be served. */
  public static StatusException invalid(String group, String kind, String name, List<Cause> causes) {
    String texts = causes.stream().map(each -> each.field() + ": " + each.message()).collect(Collectors.joining(", "));
    String what = group.isEmpty() ? kind : kind + "." + group;
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!group.isEmpty()) {
      details.put("group", group);
    }
    details.put("kind", kind);
    addCauses(details, causes);
    return new StatusException(
        422,
        "Invalid",
        what + " \"" + name + "\" is invalid: " + (causes.size() == 1 ? texts : "[" + texts + "]"),
        details);
  }

  /** 405: the resource exists, the verb does not. */
  public static StatusException methodNotAllowed() {
    return new StatusException(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", Json.object());
  }

  /** 406: no content type that the client takes. */
  public static StatusException notAcceptable() {
    return new StatusException(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json",
        Json.object());
  }

  /** 410: the version is older than what is remembered. */
  public static StatusException expired(String message) {
    return new StatusException(410, "Expired", message, Json.object());
  }

  /** 413: the body is larger than a server takes. */
  public static StatusException tooLarge(long limit) {
    return new StatusException(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, Json.object());
  }

  /** 415: a body in a form that is not understood here. */
  public static StatusException unsupportedMediaType(String accepted) {
    return new StatusException(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: " + accepted,
        Json.object());
  }

  /** 429 with the seconds to wait. */
  public static StatusException tooManyRequests(String message, int retryAfterSeconds) {
    return new StatusException(
        429, "TooManyRequests", message, Json.object().put("retryAfterSeconds", retryAfterSeconds));
  }

  /** 500: something here, or something called from here, went wrong. */
  public static StatusException internal(String message) {
    ObjectNode details = Json.object();
    details.putArray("causes").addObject().put("message", message);
    return new StatusException(500, "InternalError", "Internal error occurred: " + message, details);
  }

  /** 504 for a version that this server has not reached yet. */
  public static StatusException tooLargeVersion(long asked, long current) {
    ObjectNode details = Json.object();
    details
        .putArray("causes")
        .addObject()
        .put("reason", "ResourceVersionTooLarge")
        .put("message", "Too large resource version");
    details.put("retryAfterSeconds", 1);
    return new StatusException(
        504,
        "Timeout",
        "Timeout: Too large resource version: " + asked + ", current: " + current,
        details);
  }

  /** A failure that somebody else worded: an admission webhook. */
  public static StatusException of(int code, String reason, String message) {
    return new StatusException(code, reason, message, Json.object());
  }

  private static ObjectNode details(String group, String resource, String name) {
    ObjectNode details = Json.object();
    if (!name.isEmpty()) {
      details.put("name", name);
    }
    if (!group.isEmpty()) {
      details.put("group", group);
    }
    if (!resource.isEmpty()) {
      details.put("kind", resource);
    }
    return details;
  }

  private static void addCauses(ObjectNode details, List<Cause> causes) {
    ArrayNode array = details.putArray("causes");
    for (Cause cause : causes) {
      ObjectNode node = array.addObject().put("reason", cause.reason()).put("message", cause.message());
      if (!cause.field().isEmpty()) {
        node.put("field", cause.field());
      }
    }
  }

  /** The HTTP code. */
  public int code() {
    return code;
  }

  /** The machine-readable reason, {@code NotFound} for instance. */
  public String reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /** The seconds after which to try again, 0 if nothing is said. */
  public int retryAfterSeconds() {
    return details.path("retryAfterSeconds").asInt(0);
  }

  /** The {@code Status} object. */
  public ObjectNode status() {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Failure").put("message", message).put("reason", reason);
    if (reason.isEmpty()) {
      status.remove("reason");
    }
    if (!details.isEmpty() || details == SAYS_NOTHING) {
      status.set("details", details.deepCopy());
    }
    return status.put("code", code);
  }
}
