package dev.patchbay.wire;

import dev.patchbay.wire.Fields.Tag;
import dev.patchbay.wire.MalformedFrameException.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * Frames to bytes and back. Whatever the bytes are, decoding yields a frame or a {@link MalformedFrameException}, and takes
 * memory in proportion to the bytes given, never to what they announce.
 */
public final class FrameCodec {
  /** The largest frame in bytes, header included: 8 MiB. */
  public static final int MAX_FRAME = 8 * 1024 * 1024;
  /** Bytes of a header. */
  public static final int HEADER_LENGTH = 12;
  /** Oldest protocol version that this codec speaks. */
  public static final int OLDEST_VERSION = 1;
  /** Newest protocol version that this codec speaks. */
  public static final int NEWEST_VERSION = 1;

  private static final int MAGIC = 'P' << 24 | 'B' << 16 | 'A' << 8 | 'Y';

  private FrameCodec() {}

  /** The newest version that both this codec and an executable speaking {@code oldest} to {@code newest} know. */
  public static OptionalInt commonVersion(int oldest, int newest) {
    int best = Math.min(newest, NEWEST_VERSION);
    return best >= Math.max(oldest, OLDEST_VERSION) ? OptionalInt.of(best) : OptionalInt.empty();
  }

  /**
   * The bytes of a frame, written in {@link #OLDEST_VERSION}.
   *
   * @throws IllegalArgumentException when it is larger than {@link #MAX_FRAME}
   */
  public static byte[] encode(Frame frame) {
    Fields.Writer fields = new Fields.Writer();
    switch (frame) {
      case CniRequest request -> writeRequest(request, fields);
      case CniAnswer answer -> fields
          .u32(Tag.EXIT, answer.exitCode())
          .payload(Tag.STDOUT, answer.standardOutput())
          .payload(Tag.STDERR, answer.standardError());
      case CniRefusal refusal -> fields
          .u32(Tag.CODE, refusal.code())
          .text(Tag.MESSAGE, refusal.message())
          .text(Tag.DETAILS, refusal.details());
      case DelegateRun run -> writeRun(run, fields);
      case DelegateOutcome outcome -> fields
          .u32(Tag.RUN_ID, outcome.id())
          .u8(Tag.OUTCOME, outcome.ending().ordinal())
          .u32(Tag.VALUE, outcome.value())
          .payload(Tag.STDOUT, outcome.standardOutput())
          .payload(Tag.STDERR, outcome.standardError())
          .text(Tag.MESSAGE, outcome.message());
    }
    byte[] body = fields.body();
    if (body.length > MAX_FRAME - HEADER_LENGTH) {
      throw new IllegalArgumentException("a frame of " + (body.length + HEADER_LENGTH) + " bytes passes the limit of "
          + MAX_FRAME);
    }
    return ByteBuffer.allocate(HEADER_LENGTH + body.length)
        .putInt(MAGIC)
        .put((byte) OLDEST_VERSION)
        .put((byte) frame.type().number())
        .putShort((short) 0)
        .putInt(body.length)
        .put(body)
        .array();
  }

  /**
   * The header that these bytes begin with. Versions are not judged here but by {@link #decodeBody}.
   *
   * @param bytes at least {@value #HEADER_LENGTH} from the buffer's position on; the position stays
   * @throws MalformedFrameException when no header stands there
   */
  public static FrameHeader decodeHeader(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER_LENGTH) {
      throw new MalformedFrameException(Reason.LENGTH, "a frame's header has " + HEADER_LENGTH + " bytes, here are "
          + bytes.remaining());
    }
    ByteBuffer header = bytes.slice();
    int magic = header.getInt();
    if (magic != MAGIC) {
      throw new MalformedFrameException(Reason.MAGIC, "a frame begins with PBAY, these bytes with 0x%08x".formatted(magic));
    }
    int version = Byte.toUnsignedInt(header.get());
    if (version == 0) {
      throw new MalformedFrameException(Reason.VERSION, "there is no protocol version 0");
    }
    int number = Byte.toUnsignedInt(header.get());
    FrameType type = FrameType.of(number)
        .orElseThrow(() -> new MalformedFrameException(Reason.TYPE, "there is no frame of type " + number));
    int reserved = Short.toUnsignedInt(header.getShort());
    if (reserved != 0) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "bytes 6 and 7 of a header are zero, not " + reserved);
    }
    long length = Integer.toUnsignedLong(header.getInt());
    if (length > MAX_FRAME - HEADER_LENGTH) {
      throw new MalformedFrameException(Reason.TOO_LARGE, "a frame of " + (length + HEADER_LENGTH) + " bytes passes the limit of "
          + MAX_FRAME);
    }
    return new FrameHeader(version, type, (int) length);
  }

  /**
   * The frame of a header and its body.
   *
   * @param body all bytes after the header, from the buffer's position to its limit; not kept
   * @throws MalformedFrameException when they are no frame; its reason is {@code VERSION} when a later version may make sense
   *     of them, which a {@link CniRefusal} tells the other side
   */
  public static Frame decodeBody(FrameHeader header, ByteBuffer body) {
    if (body.remaining() != header.bodyLength()) {
      throw new MalformedFrameException(Reason.LENGTH, "the header announces " + header.bodyLength() + " bytes, there are "
          + body.remaining());
    }
    if (header.type() != FrameType.REFUSAL && (header.version() < OLDEST_VERSION || header.version() > NEWEST_VERSION)) {
      throw new MalformedFrameException(Reason.VERSION, "the frame is written in protocol version " + header.version()
          + ", spoken here are " + OLDEST_VERSION + " to " + NEWEST_VERSION);
    }
    Fields fields = Fields.read(body.slice());
    try {
      return switch (header.type()) {
        case REQUEST -> readRequest(fields);
        case ANSWER -> new CniAnswer(fields.u31(Tag.EXIT), fields.payload(Tag.STDOUT), fields.payload(Tag.STDERR));
        case REFUSAL -> new CniRefusal(fields.u31(Tag.CODE), fields.text(Tag.MESSAGE),
            fields.optional(Tag.DETAILS).map(value -> Fields.text(Tag.DETAILS, value)).orElse(""));
        case RUN -> readRun(fields);
        case RAN -> new DelegateOutcome(fields.u31(Tag.RUN_ID), ending(fields.u8(Tag.OUTCOME)), fields.u31(Tag.VALUE),
            fields.payload(Tag.STDOUT), fields.payload(Tag.STDERR),
            fields.optional(Tag.MESSAGE).map(value -> Fields.text(Tag.MESSAGE, value)).orElse(""));
      };
    } catch (IllegalArgumentException outOfRange) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, String.valueOf(outOfRange.getMessage()));
    }
  }

  /**
   * The frame that these bytes are, no more and no less.
   *
   * @throws MalformedFrameException when they are none
   */
  public static Frame decode(byte[] bytes) {
    FrameHeader header = decodeHeader(ByteBuffer.wrap(bytes));
    return decodeBody(header, ByteBuffer.wrap(bytes, HEADER_LENGTH, bytes.length - HEADER_LENGTH));
  }

  /**
   * The request in a note: the file that the executable leaves for a DEL that no daemon could take.
   *
   * @param bytes the whole content of the file
   * @throws MalformedFrameException when they are no DEL that names an attachment
   */
  public static CniRequest decodeNote(byte[] bytes) {
    if (!(decode(bytes) instanceof CniRequest request)) {
      throw new MalformedFrameException(Reason.TYPE, "a note holds a request, not another frame");
    }
    if (!request.command().equals("DEL")) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "a note holds a DEL, not '" + request.command() + "'");
    }
    if (request.containerId().isEmpty() || request.interfaceName().isEmpty()) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "a note names container and interface, in this one they are missing");
    }
    if (request.netns() instanceof NetnsReport.Attached) {
      throw new MalformedFrameException(Reason.FIELD_VALUE, "no descriptor can be attached to a note");
    }
    return request;
  }

  private static void writeRequest(CniRequest request, Fields.Writer fields) {
    fields
        .u8(Tag.OLDEST, request.oldestVersion())
        .u8(Tag.NEWEST, request.newestVersion())
        .u64(Tag.STARTED, request.startedAt().toEpochMilli())
        .u32(Tag.LIMIT, request.timeLimit().toMillis());
    request.uptime().ifPresent(uptime -> fields.u64(Tag.UPTIME, uptime.time().toMillis()).text(Tag.BOOT, uptime.boot().toString()));
    switch (request.netns()) {
      case NetnsReport.None none -> {}
      case NetnsReport.Attached attached -> fields.u32(Tag.NETNS, 0);
      case NetnsReport.Failed failed -> fields.u32(Tag.NETNS, failed.errno());
    }
    request.environment().forEach((name, value) -> fields.text(Tag.ENVIRONMENT, name + "=" + value));
    fields.payload(Tag.STDIN, request.standardInput());
  }

  private static CniRequest readRequest(Fields fields) {
    NetnsReport netns = fields.optional(Tag.NETNS)
        .map(value -> Fields.u31(Tag.NETNS, value))
        .map(errno -> errno == 0 ? NetnsReport.ATTACHED : new NetnsReport.Failed(errno))
        .orElse(NetnsReport.NONE);
    return new CniRequest(
        fields.u8(Tag.OLDEST),
        fields.u8(Tag.NEWEST),
        Instant.ofEpochMilli(fields.u63(Tag.STARTED)),
        readUptime(fields),
        Duration.ofMillis(fields.u32(Tag.LIMIT)),
        netns,
        readEnvironment(fields, Set.of()),
        fields.payload(Tag.STDIN));
  }

  /** One without the other says nothing. */
  private static Optional<Uptime> readUptime(Fields fields) {
    Optional<String> boot = fields.optional(Tag.BOOT).map(value -> Fields.text(Tag.BOOT, value));
    return fields.optional(Tag.UPTIME).isEmpty() ? Optional.empty()
        : boot.map(id -> new Uptime(UUID.fromString(id), Duration.ofMillis(fields.u63(Tag.UPTIME))));
  }

  private static void writeRun(DelegateRun run, Fields.Writer fields) {
    fields
        .u32(Tag.RUN_ID, run.id())
        .u32(Tag.LIMIT, run.timeLimit().toMillis())
        .u32(Tag.OUTPUT_LIMIT, run.outputLimit())
        .text(Tag.PROGRAM, run.program());
    run.environment().forEach((name, value) -> fields.text(Tag.ENVIRONMENT, name + "=" + value));
    run.unset().stream().sorted().forEach(name -> fields.text(Tag.ENVIRONMENT, name));
    fields.payload(Tag.STDIN, run.standardInput());
  }

  private static DelegateRun readRun(Fields fields) {
    Set<String> unset = new HashSet<>();
    for (ByteBuffer value : fields.all(Tag.ENVIRONMENT)) {
      String variable = Fields.text(Tag.ENVIRONMENT, value);
      if (variable.indexOf('=') < 0 && !unset.add(variable)) {
        throw twice(variable);
      }
    }
    return new DelegateRun(
        fields.u31(Tag.RUN_ID),
        fields.text(Tag.PROGRAM),
        readEnvironment(fields, unset),
        unset,
        fields.payload(Tag.STDIN),
        Duration.ofMillis(fields.u32(Tag.LIMIT)),
        fields.u31(Tag.OUTPUT_LIMIT));
  }

  private static Map<String, String> readEnvironment(Fields fields, Set<String> unset) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (ByteBuffer value : fields.all(Tag.ENVIRONMENT)) {
      String variable = Fields.text(Tag.ENVIRONMENT, value);
      int equals = variable.indexOf('=');
      if (equals < 0 && unset.contains(variable)) {
        continue;
      }
      if (equals < 1) {
        throw new MalformedFrameException(Reason.FIELD_VALUE, "a variable of the environment has no name");
      }
      if (environment.put(variable.substring(0, equals), variable.substring(equals + 1)) != null) {
        throw twice(variable.substring(0, equals));
      }
    }
    return environment;
  }

  private static MalformedFrameException twice(String variable) {
    return new MalformedFrameException(Reason.FIELD_COUNT, "variable " + variable + " stands there twice");
  }

  private static DelegateOutcome.Ending ending(int number) {
    DelegateOutcome.Ending[] endings = DelegateOutcome.Ending.values();
    if (number >= endings.length) {
      throw Fields.outOfRange(Tag.OUTCOME, Integer.toString(number));
    }
    return endings[number];
  }
}
