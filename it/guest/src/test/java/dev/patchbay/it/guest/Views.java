package dev.patchbay.it.guest;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Function;

/** Views with answers to the questions that are asked here; any other is an error. */
final class Views {
  private Views() {}

  /**
   * Makes a view.
   *
   * @param answers by the methods' names, each given the first argument, or "" without one
   */
  static <T> T of(Class<T> type, Map<String, Function<Object, Object>> answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) ->
        answer(type, answers, method, arguments == null || arguments.length == 0 ? "" : arguments[0])));
  }

  private static Object answer(Class<?> type, Map<String, Function<Object, Object>> answers, Method method, Object argument) {
    return switch (method.getName()) {
      case "toString" -> type.getSimpleName();
      case "hashCode" -> type.hashCode();
      default -> {
        Function<Object, Object> answer = answers.get(method.getName());
        if (answer == null) {
          throw new IllegalStateException("nothing is known of " + method);
        }
        yield answer.apply(argument);
      }
    };
  }
}
