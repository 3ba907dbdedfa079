package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import dev.patchbay.lab.vpc.VpcModel;
import dev.patchbay.lab.vpc.VpcState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Ec2Request;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The actions that the lab models, by name. */
final class Actions {
  private final Map<String, Action<?, ?>> all = new TreeMap<>();

  Actions(VpcModel model, InstantSource clock) {
    Shapes shapes = new Shapes(model.settings());
    RoutingShapes routing = new RoutingShapes(model.settings());
    new InterfaceActions(model, shapes).register(this);
    new InstanceActions(model, shapes).register(this);
    new NetworkActions(model, shapes).register(this);
    new GroupActions(model, shapes).register(this);
    new TrunkActions(model, shapes).register(this);
    new SubnetActions(model, shapes).register(this);
    new LaunchActions(model).register(this);
    new TagActions(model).register(this);
    new BlockActions(model, shapes).register(this);
    new RouteTableActions(model, routing).register(this);
    new RouteActions(model).register(this);
    new GatewayActions(model, routing).register(this);
    new NatActions(model, routing, clock).register(this);
    new ElasticAddressActions(model, routing).register(this);
  }

  /** An action that reads. */
  <B extends SdkPojo & SdkBuilder<B, Q>, Q extends Ec2Request> void read(
      String name, Supplier<B> builder, BiFunction<VpcState, Q, ? extends Ec2Response> act, String... required) {
    all.put(name, new Action<B, Q>(builder, (c, request) -> act.apply(c.seen(), request), List.of(required)));
  }

  /** An action that changes, always the newest state. */
  <B extends SdkPojo & SdkBuilder<B, Q>, Q extends Ec2Request> void change(
      String name, Supplier<B> builder, Function<Q, ? extends Ec2Response> act, String... required) {
    all.put(name, new Action<B, Q>(builder, (c, request) -> act.apply(request), List.of(required)));
  }

  /** An action that starts something that takes its time; empty: as long as the model says. */
  <B extends SdkPojo & SdkBuilder<B, Q>, Q extends Ec2Request> void start(
      String name, Supplier<B> builder, BiFunction<Optional<Duration>, Q, ? extends Ec2Response> act, String... required) {
    all.put(name, new Action<B, Q>(builder, (c, request) -> act.apply(c.settling(), request), List.of(required)));
  }

  Action<?, ?> find(String name) {
    Action<?, ?> action = all.get(name);
    if (action != null) {
      return action;
    }
    throw LeftOut.refusal(name, names());
  }

  /** A parameter that would be ignored is refused, so that nobody relies on it. */
  static void notModelled(@Nullable Object value, String name) {
    if (value != null) {
      throw new Ec2Error("UnsupportedOperation", "The lab does not model the parameter " + name + ".");
    }
  }

  Set<String> names() {
    return all.keySet();
  }
}
