package dev.patchbay.lab.kube.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.ResourceType;
import dev.patchbay.lab.kube.model.StatusException;
import dev.patchbay.lab.kube.operations.ObjectWriter;
import dev.patchbay.lab.kube.operations.Target;
import dev.patchbay.lab.kube.operations.WriteContext;
import dev.patchbay.lab.kube.resources.ResourceRegistry;
import dev.patchbay.lab.kube.store.Change;
import dev.patchbay.lab.kube.store.ObjectStore.Written;

/** Gives every namespace its default service account and the authority's certificate, and again if they are deleted. */
final class NamespaceContents implements Controller {
  private static final String DEFAULT_ACCOUNT = "default";
  private static final String ROOT_CERTIFICATE = "kube-root-ca.crt";

  private final ResourceRegistry registry;
  private final ObjectWriter writer;
  private final String caPem;

  NamespaceContents(ResourceRegistry registry, ObjectWriter writer, String caPem) {
    this.registry = registry;
    this.writer = writer;
    this.caPem = caPem;
  }

  @Override
  public void react(Written written) {
    Change change = written.change();
    String name = change.object().key().name();
    boolean deleted = change.kind() == Change.Kind.DELETED;
    switch (written.resource()) {
      case "namespaces" -> {
        if (change.kind() == Change.Kind.ADDED) {
          create("serviceaccounts", name, DEFAULT_ACCOUNT);
          create("configmaps", name, ROOT_CERTIFICATE);
        }
      }
      case "serviceaccounts" -> {
        if (deleted && name.equals(DEFAULT_ACCOUNT)) {
          create("serviceaccounts", change.object().key().namespace(), DEFAULT_ACCOUNT);
        }
      }
      case "configmaps" -> {
        if (deleted && name.equals(ROOT_CERTIFICATE)) {
          create("configmaps", change.object().key().namespace(), ROOT_CERTIFICATE);
        }
      }
      default -> {
        // Nothing else belongs to every namespace.
      }
    }
  }

  private void create(String plural, String namespace, String name) {
    ResourceType type = registry.find("", "v1", plural).orElseThrow();
    ObjectNode object = Json.object();
    object.putObject("metadata").put("name", name);
    if (plural.equals("configmaps")) {
      object.putObject("data").put("ca.crt", caPem);
    }
    try {
      writer.create(new Target(type, namespace, "", ""), object, WriteContext.SERVER);
    } catch (StatusException e) {
      boolean pointless =
          e.reason().equals("AlreadyExists") || e.reason().equals("NotFound") || e.reason().equals("Forbidden");
      if (!pointless) {
        throw e;
      }
    }
  }
}
