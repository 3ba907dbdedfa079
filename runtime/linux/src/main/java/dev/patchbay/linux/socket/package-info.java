/**
 * The unix socket on which the daemon serves the CNI executable: descriptors by SCM_RIGHTS, peer credentials, notice of a
 * caller that hangs up, and answers that may come later.
 *
 * <p>The JDK's channels take no descriptors and tell no peer's pid, hence accept4(2) and recvmsg(2) over the Foreign
 * Function and Memory API. {@link dev.patchbay.linux.socket.CniSocketServer} is the entrance.
 */
@org.jspecify.annotations.NullMarked
package dev.patchbay.linux.socket;
