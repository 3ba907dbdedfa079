package dev.patchbay.it.mutants;

import dev.patchbay.it.mutants.Mutation.Kind;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a class: every loop counts its rounds, the place of every change says that it was reached, and one change is made, or none. The
 * changes of a class are numbered in the order in which they stand in it, whichever is made.
 */
final class Mutator {
  private static final ClassDesc PROBE = ClassDesc.of(Probe.class.getName());
  private static final MethodTypeDesc ROUND = MethodTypeDesc.of(ConstantDescs.CD_void);
  private static final MethodTypeDesc REACHED = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);
  /** What the compiler writes, or what no test looks at. */
  private static final Set<String> LEFT_ALONE = Set.of("<clinit>", "toString", "hashCode", "equals", "values", "valueOf", "$values");
  /** What is returned in place of something: an empty one, where there is one. */
  private static final Map<String, String> EMPTY = Map.of("Ljava/util/Optional;", "empty", "Ljava/util/List;", "of", "Ljava/util/Set;", "of",
      "Ljava/util/Map;", "of", "Ljava/util/stream/Stream;", "empty", "Ljava/util/OptionalInt;", "empty");

  private static final ClassFile FILES = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
      ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())));

  private final byte[] bytes;
  private final int first;
  private final Map<String, Map<Kind, Integer>> ordinalsOf = new HashMap<>();

  /**
   * Of one class.
   *
   * @param bytes the class as it was compiled
   * @param first the number of its first change among those of all classes
   */
  Mutator(byte[] bytes, int first) {
    this.bytes = bytes;
    this.first = first;
  }

  /** All changes of the class. */
  List<Mutation> mutations() {
    List<Mutation> all = new ArrayList<>();
    rewrite(-1, all);
    return all;
  }

  /** The class with one change, by its number among those of all classes; with none of such a number, as it is. */
  byte[] with(int change) {
    return rewrite(change, new ArrayList<>());
  }

  /** The class with rounds counted, and nothing else. */
  static byte[] counting(byte[] bytes) {
    ClassModel model = FILES.parse(bytes);
    return FILES.transformClass(model, ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Rounds::new)));
  }

  private byte[] rewrite(int change, List<Mutation> found) {
    ordinalsOf.clear();
    ClassModel model = FILES.parse(bytes);
    String name = model.thisClass().asInternalName();
    String simple = name.substring(name.lastIndexOf('/') + 1).replace('$', '.');
    return FILES.transformClass(model, (builder, element) -> {
      if (element instanceof MethodModel method && method.code().isPresent() && !leftAlone(model, method)) {
        Changes changes = new Changes(simple, method, change, found);
        builder.transformMethod(method, (methodBuilder, each) -> {
          if (each instanceof java.lang.classfile.CodeModel code) {
            methodBuilder.transformCode(code, changes.andThen(CodeTransform.ofStateful(Rounds::new)));
          } else {
            methodBuilder.with(each);
          }
        });
      } else {
        builder.with(element);
      }
    });
  }

  private static boolean leftAlone(ClassModel model, MethodModel method) {
    // Accessors of records are the compiler's.
    boolean accessor = method.methodTypeSymbol().parameterCount() == 0 && model.findAttribute(Attributes.record()).stream()
        .flatMap(r -> r.components().stream()).anyMatch(c -> c.name().equals(method.methodName()));
    return accessor || LEFT_ALONE.contains(method.methodName().stringValue()) || method.flags().has(AccessFlag.BRIDGE);
  }

  /** Calls the probe before each jump backwards. */
  private static final class Rounds implements CodeTransform {
    private final Set<Label> behind = new HashSet<>();

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      if (element instanceof LabelTarget target) {
        behind.add(target.label());
      } else if (element instanceof BranchInstruction jump && behind.contains(jump.target())) {
        builder.invokestatic(PROBE, "round", ROUND);
      }
      builder.with(element);
    }
  }

  /** The changes of one method. */
  private final class Changes implements CodeTransform {
    private final String className;
    private final String method;
    private final String returned;
    private final int change;
    private final List<Mutation> found;
    private final Map<Kind, Integer> ordinals;
    private int line;
    private @Nullable CodeElement before;

    Changes(String className, MethodModel method, int change, List<Mutation> found) {
      this.className = className;
      String name = method.methodName().stringValue();
      this.method = name.startsWith("lambda$") ? name.split("\\$", -1)[1] : name;
      this.returned = method.methodTypeSymbol().returnType().descriptorString();
      this.change = change;
      this.found = found;
      // Lambdas are counted with the method that they stand in.
      this.ordinals = ordinalsOf.computeIfAbsent(this.method, m -> new EnumMap<>(Kind.class));
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      switch (element) {
        case LineNumber number -> line = number.line();
        case BranchInstruction jump when negated(jump.opcode()) != null -> {
          if (point(builder, Kind.NEGATED)) {
            builder.with(BranchInstruction.of(negated(jump.opcode()), jump.target()));
            return;
          }
          Opcode edge = boundary(jump.opcode());
          if (edge != null && point(builder, Kind.BOUNDARY)) {
            builder.with(BranchInstruction.of(edge, jump.target()));
            return;
          }
        }
        case OperatorInstruction operator when other(operator.opcode()) != null -> {
          if (point(builder, Kind.ARITHMETIC)) {
            builder.with(OperatorInstruction.of(other(operator.opcode())));
            return;
          }
        }
        case IncrementInstruction increment -> {
          if (point(builder, Kind.COUNTER)) {
            builder.iinc(increment.slot(), -increment.constant());
            return;
          }
        }
        case ReturnInstruction end when end.typeKind() != TypeKind.VOID -> {
          if (returns(builder, end)) {
            return;
          }
        }
        case InvokeInstruction call when leavesNothing(call) -> {
          if (point(builder, Kind.LEFT_OUT)) {
            List<ClassDesc> arguments = call.typeSymbol().parameterList();
            for (int n = arguments.size() - 1; n >= 0; n--) {
              pop(builder, arguments.get(n));
            }
            if (call.opcode() != Opcode.INVOKESTATIC) {
              builder.pop();
            }
            return;
          }
        }
        default -> {
          // Nothing to change.
        }
      }
      if (!(element instanceof LineNumber) && !(element instanceof LabelTarget)) {
        before = element;
      }
      builder.with(element);
    }

    private boolean point(CodeBuilder builder, Kind kind) {
      int number = first + found.size();
      found.add(new Mutation(className, method, kind, ordinals.merge(kind, 1, Integer::sum), line));
      builder.loadConstant(number).invokestatic(PROBE, "reached", REACHED);
      return number == change;
    }

    private boolean returns(CodeBuilder builder, ReturnInstruction end) {
      boolean truth = returned.equals("Z");
      if (!isNothing(before) && point(builder, Kind.NOTHING)) {
        pop(builder, ClassDesc.ofDescriptor(returned));
        nothing(builder, end.typeKind());
        builder.with(end);
        return true;
      }
      if (truth && !(before instanceof ConstantInstruction c && c.constantValue().equals(1)) && point(builder, Kind.TRUE)) {
        builder.pop().iconst_1().with(end);
        return true;
      }
      return false;
    }

    /** Whether what is returned is nothing anyway. */
    private boolean isNothing(@Nullable CodeElement last) {
      return switch (last) {
        case ConstantInstruction c -> c.opcode() == Opcode.ACONST_NULL || c.constantValue() instanceof Number n && n.doubleValue() == 0
            || "".equals(c.constantValue());
        case InvokeInstruction call -> call.typeSymbol().parameterCount() == 0 && call.opcode() == Opcode.INVOKESTATIC
            && call.name().stringValue().equals(EMPTY.get(returned));
        case null, default -> false;
      };
    }

    private void nothing(CodeBuilder builder, TypeKind kind) {
      switch (kind) {
        case REFERENCE -> {
          String empty = EMPTY.get(returned);
          if (returned.equals("Ljava/lang/String;")) {
            builder.loadConstant("");
          } else if (empty == null) {
            builder.aconst_null();
          } else {
            ClassDesc type = ClassDesc.ofDescriptor(returned);
            boolean isInterface = !returned.contains("Optional");
            builder.invokestatic(type, empty, MethodTypeDesc.of(type), isInterface);
          }
        }
        case LONG -> builder.lconst_0();
        case DOUBLE -> builder.dconst_0();
        case FLOAT -> builder.fconst_0();
        default -> builder.iconst_0();
      }
    }
  }

  private static boolean leavesNothing(InvokeInstruction call) {
    return call.typeSymbol().returnType().equals(ConstantDescs.CD_void) && !call.name().stringValue().equals("<init>")
        && !(call.owner() instanceof ClassEntry owner && owner.asInternalName().startsWith("dev/patchbay/it/mutants"));
  }

  private static void pop(CodeBuilder builder, ClassDesc type) {
    Consumer<CodeBuilder> pop = TypeKind.from(type).slotSize() == 2 ? CodeBuilder::pop2 : CodeBuilder::pop;
    pop.accept(builder);
  }

  private static @Nullable Opcode negated(Opcode jump) {
    return switch (jump) {
      case IFEQ -> Opcode.IFNE;
      case IFNE -> Opcode.IFEQ;
      case IFLT -> Opcode.IFGE;
      case IFGE -> Opcode.IFLT;
      case IFGT -> Opcode.IFLE;
      case IFLE -> Opcode.IFGT;
      case IF_ICMPEQ -> Opcode.IF_ICMPNE;
      case IF_ICMPNE -> Opcode.IF_ICMPEQ;
      case IF_ICMPLT -> Opcode.IF_ICMPGE;
      case IF_ICMPGE -> Opcode.IF_ICMPLT;
      case IF_ICMPGT -> Opcode.IF_ICMPLE;
      case IF_ICMPLE -> Opcode.IF_ICMPGT;
      case IF_ACMPEQ -> Opcode.IF_ACMPNE;
      case IF_ACMPNE -> Opcode.IF_ACMPEQ;
      case IFNULL -> Opcode.IFNONNULL;
      case IFNONNULL -> Opcode.IFNULL;
      default -> null;
    };
  }

  private static @Nullable Opcode boundary(Opcode jump) {
    return switch (jump) {
      case IFLT -> Opcode.IFLE;
      case IFLE -> Opcode.IFLT;
      case IFGT -> Opcode.IFGE;
      case IFGE -> Opcode.IFGT;
      case IF_ICMPLT -> Opcode.IF_ICMPLE;
      case IF_ICMPLE -> Opcode.IF_ICMPLT;
      case IF_ICMPGT -> Opcode.IF_ICMPGE;
      case IF_ICMPGE -> Opcode.IF_ICMPGT;
      default -> null;
    };
  }

  private static @Nullable Opcode other(Opcode operator) {
    return switch (operator) {
      case IADD -> Opcode.ISUB;
      case ISUB -> Opcode.IADD;
      case IMUL -> Opcode.IDIV;
      case IDIV -> Opcode.IMUL;
      case IREM -> Opcode.IMUL;
      case LADD -> Opcode.LSUB;
      case LSUB -> Opcode.LADD;
      case LMUL -> Opcode.LDIV;
      case LDIV -> Opcode.LMUL;
      case LREM -> Opcode.LMUL;
      case IAND -> Opcode.IOR;
      case IOR -> Opcode.IAND;
      case LAND -> Opcode.LOR;
      case LOR -> Opcode.LAND;
      case ISHL -> Opcode.ISHR;
      case ISHR, IUSHR -> Opcode.ISHL;
      case LSHL -> Opcode.LSHR;
      case LSHR, LUSHR -> Opcode.LSHL;
      default -> null;
    };
  }
}
