package dev.patchbay.linux.socket;

/**
 * Who called, as the kernel noted it when the call was made (unix(7), SO_PEERCRED).
 *
 * @param pid the process in the daemon's pid namespace, 0 when it is not visible there
 * @param uid its effective user, 0 to 2^32-1
 * @param gid its effective group, 0 to 2^32-1
 */
public record PeerCredentials(int pid, long uid, long gid) {}
