package dev.patchbay.lab.kube.protobuf;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Field numbers of the messages that can be read: {@code NUMBER:NAME:TYPE}, a star for a repeated field (k8s.io/api and
 * k8s.io/apimachinery, {@code generated.proto}). Types beginning with a capital are messages.
 */
final class Messages {
  private static final Map<String, Map<Integer, Field>> BY_NAME = new HashMap<>();

  /**
   * One field.
   *
   * @param name its name in JSON
   * @param type a scalar, {@code time}, {@code microtime}, {@code strings} or {@code bytesmap} for maps, or a message
   * @param repeated whether it is a list
   */
  record Field(String name, String type, boolean repeated) {
    boolean isMessage() {
      return Character.isUpperCase(type.charAt(0));
    }
  }

  static {
    metadata();
    core();
    access();
  }

  private Messages() {}

  private static void metadata() {
    add("TypeMeta", "1:apiVersion:string 2:kind:string");
    add("Unknown", "1:typeMeta:TypeMeta 2:raw:bytes");
    add(
        "ObjectMeta",
        "1:name:string 2:generateName:string 3:namespace:string 5:uid:string 6:resourceVersion:string 7:generation:int"
            + " 8:creationTimestamp:time 9:deletionTimestamp:time 10:deletionGracePeriodSeconds:int 11:labels:strings"
            + " 12:annotations:strings 13:ownerReferences:OwnerReference* 14:finalizers:string*");
    add(
        "OwnerReference",
        "1:kind:string 3:name:string 4:uid:string 5:apiVersion:string 6:controller:bool 7:blockOwnerDeletion:bool");
    add("LabelSelector", "1:matchLabels:strings 2:matchExpressions:LabelSelectorRequirement*");
    add("LabelSelectorRequirement", "1:key:string 2:operator:string 3:values:string*");
    add(
        "DeleteOptions",
        "1:gracePeriodSeconds:int 2:preconditions:Preconditions 3:orphanDependents:bool 4:propagationPolicy:string"
            + " 5:dryRun:string*");
    add("Preconditions", "1:uid:string 2:resourceVersion:string");
  }

  private static void core() {
    add(
        "ObjectReference",
        "1:kind:string 2:namespace:string 3:name:string 4:uid:string 5:apiVersion:string 6:resourceVersion:string"
            + " 7:fieldPath:string");
    add("LocalObjectReference", "1:name:string");
    add("ConfigMap", "1:metadata:ObjectMeta 2:data:strings 3:binaryData:bytesmap 4:immutable:bool");
    add("Secret", "1:metadata:ObjectMeta 2:data:bytesmap 3:type:string 4:stringData:strings 5:immutable:bool");
    add(
        "ServiceAccount",
        "1:metadata:ObjectMeta 2:secrets:ObjectReference* 3:imagePullSecrets:LocalObjectReference*"
            + " 4:automountServiceAccountToken:bool");
    add("Namespace", "1:metadata:ObjectMeta 2:spec:NamespaceSpec");
    add("NamespaceSpec", "1:finalizers:string*");
    add("Binding", "1:metadata:ObjectMeta 2:target:ObjectReference");
    add("Eviction", "1:metadata:ObjectMeta 2:deleteOptions:DeleteOptions");
    add(
        "Event",
        "1:metadata:ObjectMeta 2:involvedObject:ObjectReference 3:reason:string 4:message:string 5:source:EventSource"
            + " 6:firstTimestamp:time 7:lastTimestamp:time 8:count:int 9:type:string 10:eventTime:microtime"
            + " 11:series:EventSeries 12:action:string 13:related:ObjectReference 14:reportingComponent:string"
            + " 15:reportingInstance:string");
    add("EventSource", "1:component:string 2:host:string");
    add("EventSeries", "1:count:int 2:lastObservedTime:microtime");
    add("Lease", "1:metadata:ObjectMeta 2:spec:LeaseSpec");
    add(
        "LeaseSpec",
        "1:holderIdentity:string 2:leaseDurationSeconds:int 3:acquireTime:microtime 4:renewTime:microtime"
            + " 5:leaseTransitions:int 6:strategy:string 7:preferredHolder:string");
  }

  private static void access() {
    add("Role", "1:metadata:ObjectMeta 2:rules:PolicyRule*");
    add("ClusterRole", "1:metadata:ObjectMeta 2:rules:PolicyRule* 3:aggregationRule:AggregationRule");
    add("AggregationRule", "1:clusterRoleSelectors:LabelSelector*");
    add(
        "PolicyRule",
        "1:verbs:string* 2:apiGroups:string* 3:resources:string* 4:resourceNames:string* 5:nonResourceURLs:string*");
    add("RoleBinding", "1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef");
    add("ClusterRoleBinding", "1:metadata:ObjectMeta 2:subjects:Subject* 3:roleRef:RoleRef");
    add("Subject", "1:kind:string 2:apiGroup:string 3:name:string 4:namespace:string");
    add("RoleRef", "1:apiGroup:string 2:kind:string 3:name:string");
    add("SelfSubjectReview", "1:metadata:ObjectMeta");
    add("SelfSubjectAccessReview", "1:metadata:ObjectMeta 2:spec:SelfSubjectAccessReviewSpec");
    add(
        "SelfSubjectAccessReviewSpec",
        "1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes");
    add("SubjectAccessReview", "1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec");
    add("LocalSubjectAccessReview", "1:metadata:ObjectMeta 2:spec:SubjectAccessReviewSpec");
    add(
        "SubjectAccessReviewSpec",
        "1:resourceAttributes:ResourceAttributes 2:nonResourceAttributes:NonResourceAttributes 3:user:string"
            + " 4:groups:string* 6:uid:string");
    add(
        "ResourceAttributes",
        "1:namespace:string 2:verb:string 3:group:string 4:version:string 5:resource:string 6:subresource:string"
            + " 7:name:string");
    add("NonResourceAttributes", "1:path:string 2:verb:string");
    add("SelfSubjectRulesReview", "1:metadata:ObjectMeta 2:spec:SelfSubjectRulesReviewSpec");
    add("SelfSubjectRulesReviewSpec", "1:namespace:string");
    add("TokenReview", "1:metadata:ObjectMeta 2:spec:TokenReviewSpec");
    add("TokenReviewSpec", "1:token:string 2:audiences:string*");
    add("TokenRequest", "1:metadata:ObjectMeta 2:spec:TokenRequestSpec");
    add("TokenRequestSpec", "1:audiences:string* 3:boundObjectRef:BoundObjectReference 4:expirationSeconds:int");
    add("BoundObjectReference", "1:kind:string 2:apiVersion:string 3:name:string 4:uid:string");
  }

  private static void add(String message, String fields) {
    Map<Integer, Field> byNumber = new HashMap<>();
    for (String field : fields.split(" ")) {
      String[] parts = field.split(":");
      boolean repeated = parts[2].endsWith("*");
      String type = repeated ? parts[2].substring(0, parts[2].length() - 1) : parts[2];
      byNumber.put(Integer.parseInt(parts[0]), new Field(parts[1], type, repeated));
    }
    BY_NAME.put(message, byNumber);
  }

  /** The fields of a message by number; empty if it is not known. */
  static Optional<Map<Integer, Field>> of(String message) {
    return Optional.ofNullable(BY_NAME.get(message));
  }
}
