package dev.patchbay.launch.scan;

import dev.patchbay.launch.Reach;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ConstantDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.AccessFlag;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the class files of a module and finds every call and field access that {@link Rules} does not allow, method
 * references and the arguments of dynamic call sites included. Immutable, for any thread.
 */
public final class ModuleScan {
  private final Rules rules;

  private ModuleScan(Rules rules) {
    this.rules = rules;
  }

  /**
   * A scan that knows the JDK of a layer.
   *
   * @param boot the layer whose {@code java.*} and {@code jdk.*} modules are the JDK
   * @return the scan
   */
  public static ModuleScan against(ModuleLayer boot) {
    return new ModuleScan(new Rules(boot.modules().stream()
        .filter(module -> module.getName().startsWith("java.") || module.getName().startsWith("jdk."))
        .flatMap(module -> module.getPackages().stream())
        .map(name -> name.replace('.', '/'))
        .collect(Collectors.toUnmodifiableSet())));
  }

  /**
   * Scans a module, as it would be loaded by this JDK.
   *
   * @param module the module
   * @return the breaches by class name, each once
   * @throws IOException if the module can't be read
   * @throws IllegalArgumentException if a class file is broken or newer than this JDK
   */
  public List<Breach> breaches(ModuleReference module) throws IOException {
    Set<Breach> breaches = new LinkedHashSet<>();
    try (ModuleReader reader = module.open(); Stream<String> names = reader.list()) {
      List<String> classes = names.filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class")).sorted().toList();
      for (String name : classes) {
        Optional<ByteBuffer> content = reader.read(name);
        if (content.isPresent()) {
          byte[] bytes = new byte[content.get().remaining()];
          content.get().get(bytes);
          reader.release(content.get());
          scan(ClassFile.of().parse(bytes), breaches);
        }
      }
    }
    return new ArrayList<>(breaches);
  }

  private void scan(ClassModel type, Set<Breach> breaches) {
    String className = type.thisClass().asInternalName().replace('/', '.');
    for (MethodModel method : type.methods()) {
      String place = className + "." + method.methodName().stringValue();
      if (method.flags().has(AccessFlag.NATIVE)) {
        breaches.add(new Breach(place, "is", "native", Reach.NATIVE));
      }
      method.code().ifPresent(code -> new CodeScan(place, breaches).scan(code));
    }
  }

  /** The scan of one method. */
  private final class CodeScan {
    private final String method;
    private final Set<Breach> breaches;
    private int line;

    CodeScan(String method, Set<Breach> breaches) {
      this.method = method;
      this.breaches = breaches;
    }

    void scan(CodeModel code) {
      for (CodeElement element : code) {
        switch (element) {
          case LineNumber number -> line = number.line();
          case InvokeInstruction invoke -> member("calls", invoke.method());
          case FieldInstruction field -> member("reads", field.field());
          case InvokeDynamicInstruction dynamic -> bootstrap(dynamic.invokedynamic().bootstrap().bootstrapMethod(),
              dynamic.invokedynamic().bootstrap().arguments());
          case LoadConstantInstruction constant -> constant(constant.constantEntry());
          default -> { }
        }
      }
    }

    private void bootstrap(MethodHandleEntry method, List<LoadableConstantEntry> arguments) {
      MemberRefEntry reference = method.reference();
      if (!rules.isCompilersBootstrap(reference.owner().asInternalName())) {
        add("is linked by", reference, Reach.REFLECTION);
      }
      arguments.forEach(this::constant);
    }

    private void constant(LoadableConstantEntry entry) {
      switch (entry) {
        case MethodHandleEntry handle -> member("calls", handle.reference());
        case ConstantDynamicEntry dynamic -> bootstrap(dynamic.bootstrap().bootstrapMethod(), dynamic.bootstrap().arguments());
        default -> { }
      }
    }

    private void member(String verb, MemberRefEntry reference) {
      rules.reach(reference.owner().asInternalName(), reference.name().stringValue(), reference.type().stringValue())
          .ifPresent(reach -> add(verb, reference, reach));
    }

    private void add(String verb, MemberRefEntry reference, Reach reach) {
      String owner = reference.owner().asInternalName().replace('/', '.');
      String name = reference.name().stringValue();
      String target = name.equals("<init>") ? "new " + owner : owner + "." + name;
      breaches.add(new Breach(line == 0 ? method : method + " (line " + line + ")", verb, target, reach));
    }
  }
}
