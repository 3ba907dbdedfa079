package dev.patchbay.lab.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.lab.vpc.VpcModel;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Ec2Request;

/**
 * No parameter of a modelled action is passed over in silence: the code reads each, if only to refuse it. What the code reads
 * is seen in its class files.
 */
class IgnoredParametersTest {
  /** Parameters that nothing follows from here, with the reason. */
  private static final Map<String, String> OF_NO_EFFECT =
      Map.ofEntries(
          Map.entry("DescribeAvailabilityZones AllAvailabilityZones", "there is no zone that must be asked for first"),
          Map.entry("DescribeInstanceTypes IncludeUnsupportedInRegion", "every type of the table is supported"),
          Map.entry("DescribeInstances IncludeManagedResources", "nothing is hidden"),
          Map.entry("DescribeNetworkInterfaces IncludeManagedResources", "nothing is hidden"),
          Map.entry("DescribeRegions AllRegions", "there is one"),
          Map.entry("StartInstances AdditionalInfo", "reserved by EC2"),
          Map.entry("StopInstances Force", "an instance stops at once"),
          Map.entry("StopInstances SkipOsShutdown", "an instance stops at once"),
          Map.entry("TerminateInstances Force", "an instance stops at once"),
          Map.entry("TerminateInstances SkipOsShutdown", "an instance stops at once"));

  /** {@code Request.accessor} for all that the module's own classes call. */
  private static Set<String> read() throws IOException {
    Path classes = Path.of("target/classes/dev/patchbay/lab/ec2");
    Set<String> found = new HashSet<>();
    try (Stream<Path> files = Files.list(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        model.methods().stream().flatMap(IgnoredParametersTest::calls).forEach(found::add);
      }
    }
    return found;
  }

  private static Stream<String> calls(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .flatMap(
            element ->
                switch (element) {
                  case InvokeInstruction call -> Stream.of(name(call.owner().asInternalName(), call.name().stringValue()));
                  case InvokeDynamicInstruction dynamic -> dynamic.bootstrapArgs().stream().flatMap(IgnoredParametersTest::handle);
                  default -> Stream.empty();
                });
  }

  private static Stream<String> handle(ConstantDesc argument) {
    return argument instanceof DirectMethodHandleDesc handle
        ? Stream.of(handle.owner().displayName() + "." + handle.methodName())
        : Stream.empty();
  }

  private static String name(String owner, String method) {
    return owner.substring(owner.lastIndexOf('/') + 1) + "." + method;
  }

  @Test
  void everyParameterIsReadOrRefused() throws Exception {
    Set<String> read = read();
    Set<String> ignored = new TreeSet<>();
    int seen = 0;
    Set<String> actions = new Actions(new VpcModel(VpcModel.Settings.lab(1), InstantSource.system()), InstantSource.system()).names();
    for (String action : actions) {
      Class<?> type = Class.forName(Ec2Request.class.getPackageName() + "." + action + "Request");
      for (SdkField<?> field : ((SdkPojo) type.getMethod("builder").invoke(null)).sdkFields()) {
        String member = field.memberName();
        String accessor = member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
        seen++;
        boolean used = Stream.of("", "AsString", "AsStrings").anyMatch(end -> read.contains(action + "Request." + accessor + end));
        if (!used && !member.equals("DryRun")) {
          ignored.add(action + " " + member);
        }
      }
    }
    assertThat(seen).isGreaterThan(300);
    assertThat(ignored).isEqualTo(new TreeSet<>(OF_NO_EFFECT.keySet()));
    assertThat(List.copyOf(OF_NO_EFFECT.values())).allMatch(reason -> !reason.isBlank());
  }
}
