package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Ec2Request;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * One action of EC2.
 *
 * @param <B> the SDK's builder of the request
 * @param <Q> the request
 */
final class Action<B extends SdkPojo & SdkBuilder<B, Q>, Q extends Ec2Request> {
  private final Supplier<B> builder;
  private final BiFunction<Circumstances, Q, ? extends Ec2Response> act;
  private final List<String> required;

  /**
   * An action.
   *
   * @param required the parameters that EC2 requires; the SDK's model does not say
   */
  Action(Supplier<B> builder, BiFunction<Circumstances, Q, ? extends Ec2Response> act, List<String> required) {
    this.builder = builder;
    this.act = act;
    this.required = List.copyOf(required);
  }

  /** Reads the request; what it returns carries it out. */
  Prepared read(Form form) {
    for (String name : required) {
      if (form.get(name).isEmpty()) {
        throw new Ec2Error("MissingParameter", "The request must contain the parameter " + name);
      }
    }
    B into = builder.get();
    QueryDecoder.decode(form, into);
    Q request = into.build();
    return circumstances -> act.apply(circumstances, request);
  }

  /** A request that is understood and not yet carried out. */
  @FunctionalInterface
  interface Prepared {
    Ec2Response run(Circumstances circumstances);
  }
}
