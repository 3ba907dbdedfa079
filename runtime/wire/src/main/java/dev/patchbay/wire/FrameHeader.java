package dev.patchbay.wire;

/**
 * The first {@value FrameCodec#HEADER_LENGTH} bytes of a frame.
 *
 * @param version protocol version of the body, 1 to 255
 * @param type kind of the frame
 * @param bodyLength bytes that follow, 0 to {@link FrameCodec#MAX_FRAME} - {@value FrameCodec#HEADER_LENGTH}
 */
public record FrameHeader(int version, FrameType type, int bodyLength) {
  /** Checks the ranges. */
  public FrameHeader {
    Check.range("version", version, 1, 255);
    Check.range("bodyLength", bodyLength, 0, FrameCodec.MAX_FRAME - FrameCodec.HEADER_LENGTH);
  }
}
