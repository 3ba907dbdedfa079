package dev.patchbay.tck.view;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.view.ObjectView;
import dev.patchbay.spi.view.PodView;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A pod, and what the container runtime asks for it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TestPod implements PodView {
  private final String namespace;
  private final String name;
  private final @Nullable TestObject object;
  private final Fields capabilities;

  private TestPod(String namespace, String name, @Nullable TestObject object, Fields capabilities) {
    this.namespace = namespace;
    this.name = name;
    this.object = object;
    this.capabilities = capabilities;
  }

  /**
   * {@return a pod with a plain object, in the namespace {@code default}}
   * @param name its name
   */
  public static TestPod named(String name) {
    return new TestPod("default", name, TestObject.of(ObjectKind.POD, "default", name), Fields.empty());
  }

  /**
   * {@return this pod in another namespace}
   * @param namespace the namespace
   */
  public TestPod inNamespace(String namespace) {
    TestObject moved = object == null ? null
        : new TestObject(TestObject.of(ObjectKind.POD, namespace, name).ref(), object.uid(), object.resourceVersion(),
            object.labels(), object.annotations(), object.content());
    return new TestPod(namespace, name, moved, capabilities);
  }

  /**
   * {@return this pod with its object changed}
   * @param change the change
   */
  public TestPod withObject(UnaryOperator<TestObject> change) {
    TestObject before = object == null ? TestObject.of(ObjectKind.POD, namespace, name) : object;
    return new TestPod(namespace, name, change.apply(before), capabilities);
  }

  /**
   * {@return this pod with one more annotation}
   * @param key the key
   * @param value the value
   */
  public TestPod withAnnotation(String key, String value) {
    return withObject(o -> o.withAnnotation(key, value));
  }

  /**
   * {@return this pod with one more label}
   * @param key the key
   * @param value the value
   */
  public TestPod withLabel(String key, String value) {
    return withObject(o -> o.withLabel(key, value));
  }

  /**
   * {@return this pod, its object unreadable}
   */
  public TestPod unreadable() {
    return new TestPod(namespace, name, null, capabilities);
  }

  /**
   * {@return this pod with what the container runtime asks for by the CNI conventions}
   * @param capabilities the capabilities' arguments by capability
   */
  public TestPod withCapabilities(Fields capabilities) {
    return new TestPod(namespace, name, object, capabilities);
  }

  /**
   * {@return what the container runtime asks for by the CNI conventions}
   */
  public Fields capabilities() {
    return capabilities;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String uid() {
    return "uid-of-" + name;
  }

  @Override
  public Optional<ObjectView> object() {
    return Optional.ofNullable(object);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
