/**
 * The protocol between the CNI executable {@code patchbay-cni} and the daemon, as values ({@link dev.patchbay.wire.Frame})
 * and a codec ({@link dev.patchbay.wire.FrameCodec}). {@code docs/protocol.md} tells the same to readers of C.
 *
 * <h2>Course of a call</h2>
 * The executable connects to the daemon's unix stream socket and sends one {@link dev.patchbay.wire.CniRequest}, with the
 * pod's network namespace as an open descriptor (SCM_RIGHTS) on its first byte. The daemon may then, one after the other, ask
 * for delegate plugins ({@link dev.patchbay.wire.DelegateRun}), each answered by a {@link dev.patchbay.wire.DelegateOutcome},
 * and ends the call by a {@link dev.patchbay.wire.CniAnswer} or a {@link dev.patchbay.wire.CniRefusal}. Either side may hang
 * up at any time; that is how the container runtime's cancellation reaches the daemon.
 *
 * <h2>Frame</h2>
 * All numbers are big-endian and unsigned. A frame is a header of 12 bytes and a body; both together have at most 8 MiB.
 * <table>
 *   <caption>Header</caption>
 *   <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 *   <tr><td>0</td><td>4</td><td>{@code PBAY}</td></tr>
 *   <tr><td>4</td><td>1</td><td>protocol version in which the body is written</td></tr>
 *   <tr><td>5</td><td>1</td><td>{@link dev.patchbay.wire.FrameType type}</td></tr>
 *   <tr><td>6</td><td>2</td><td>zero</td></tr>
 *   <tr><td>8</td><td>4</td><td>length of the body</td></tr>
 * </table>
 * The body is a sequence of fields: tag (2 bytes), length (4 bytes), value. Unknown tags are skipped, so a field may be added
 * without a new version; only the environment may stand there several times.
 *
 * <h2>Versions</h2>
 * The executable is copied to the host and may be older or newer than the daemon. Its request is written in the oldest version
 * it speaks and names the oldest and the newest; the daemon answers in the newest that both speak, or with a refusal. Header,
 * the form of fields, the two version fields of a request and the whole refusal stay as they are in every version, so each
 * side can always say to the other that they do not fit.
 *
 * <p>Everything in this package is immutable and may be used by any thread. Text is UTF-8.
 */
@org.jspecify.annotations.NullMarked
package dev.patchbay.wire;
