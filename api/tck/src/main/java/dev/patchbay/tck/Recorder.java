package dev.patchbay.tck;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a view through another object that counts what is looked at. Every object that it gives out is a new one, so a mode
 * that goes by identity is found out; maps can be shown in another order, which an equal map may have.
 */
final class Recorder {
  private final boolean mapsReversed;
  private int calls;

  Recorder(boolean mapsReversed) {
    this.mapsReversed = mapsReversed;
  }

  /**
   * {@return how many methods were called and list elements read}
   */
  int calls() {
    return calls;
  }

  <T> T view(Class<T> type, T target) {
    return type.cast(shown(target));
  }

  private Object shown(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(this::shown);
    }
    if (value instanceof List<?> list) {
      return new CountedList(list);
    }
    if (value instanceof Map<?, ?> map) {
      List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
      if (mapsReversed) {
        Collections.reverse(entries);
      }
      Map<Object, Object> copy = new LinkedHashMap<>();
      entries.forEach(e -> copy.put(e.getKey(), e.getValue()));
      return Collections.unmodifiableMap(copy);
    }
    List<Class<?>> views = new ArrayList<>();
    collectViews(value.getClass(), views);
    if (views.isEmpty()) {
      return value;
    }
    return Proxy.newProxyInstance(views.getFirst().getClassLoader(), views.toArray(Class<?>[]::new), new Handler(value));
  }

  /** Views are the interfaces of the SPI that values implement; what else the SPI has is final classes and records. */
  private static void collectViews(@Nullable Class<?> type, List<Class<?>> into) {
    if (type == null) {
      return;
    }
    for (Class<?> candidate : type.getInterfaces()) {
      if (candidate.getName().startsWith("dev.patchbay.spi.") && !candidate.isSealed() && !into.contains(candidate)) {
        into.add(candidate);
      }
    }
    collectViews(type.getSuperclass(), into);
  }

  private final class Handler implements InvocationHandler {
    private final Object target;

    private Handler(Object target) {
      this.target = target;
    }

    @Override
    public Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      if (method.getDeclaringClass() == Object.class) {
        return switch (method.getName()) {
          case "equals" -> arguments != null && proxy == arguments[0];
          case "hashCode" -> System.identityHashCode(proxy);
          default -> target.toString();
        };
      }
      calls++;
      try {
        return shown(method.invoke(target, arguments));
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }
  }

  private final class CountedList extends AbstractList<Object> {
    private final List<?> list;

    private CountedList(List<?> list) {
      this.list = list;
    }

    @Override
    public Object get(int index) {
      calls++;
      return shown(list.get(index));
    }

    @Override
    public int size() {
      return list.size();
    }
  }
}
