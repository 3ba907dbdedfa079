package dev.patchbay.lab.ec2;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/** Fills the SDK's model classes with anything, by the fields that they describe themselves. */
final class Filled {
  private static final int DEEPEST = 6;

  private Filled() {}

  /** Every field has a value. */
  static <P extends SdkPojo> P whole(P builder, SplittableRandom random) {
    fill(builder, random, 0);
    return builder;
  }

  private static void fill(SdkPojo builder, SplittableRandom random, int depth) {
    for (SdkField<?> field : builder.sdkFields()) {
      Object value = value(field, random, depth);
      if (value != null) {
        field.set(builder, value);
      }
    }
  }

  private static @Nullable Object value(SdkField<?> field, SplittableRandom random, int depth) {
    MarshallingKnownType type = Objects.requireNonNull(field.marshallingType().getKnownType());
    return switch (type) {
      case STRING -> "text & <é> " + random.nextInt(1000);
      case INTEGER -> random.nextInt(1, 60_000);
      case LONG -> random.nextLong(1, 1L << 40);
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE -> random.nextInt(1000) / 8.0;
      case FLOAT -> random.nextInt(1000) / 8.0f;
      case INSTANT -> Instant.ofEpochSecond(1_800_000_000L + random.nextInt(1_000_000));
      case LIST -> list(field, random, depth);
      case SDK_POJO -> pojo(field, random, depth);
      case SDK_BYTES, MAP, BIG_DECIMAL, SHORT, BYTE, DOCUMENT, NULL -> null;
    };
  }

  private static @Nullable Object list(SdkField<?> field, SplittableRandom random, int depth) {
    List<Object> items = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      Object item = value(field.getRequiredTrait(ListTrait.class).memberFieldInfo(), random, depth + 1);
      if (item == null) {
        return null;
      }
      items.add(item);
    }
    return items;
  }

  private static @Nullable Object pojo(SdkField<?> field, SplittableRandom random, int depth) {
    if (depth > DEEPEST) {
      return null;
    }
    SdkPojo builder = field.constructor().get();
    fill(builder, random, depth + 1);
    return ((Buildable) builder).build();
  }
}
