/**
 * Linux netlink for Java: rtnetlink (links, addresses, routes, rules, neighbours, events), nftables, conntrack, and
 * network namespaces, over the Foreign Function and Memory API and nothing else. No native library is shipped.
 *
 * <p>Several packages are exported because rtnetlink, nftables and conntrack are three vocabularies over one transport:
 * whoever needs routes should not have to see set elements, and all of them share the socket, the batch and the errors of
 * {@code dev.patchbay.netlink}. They stay one module because they share one unexported layer of structs and system calls,
 * which would otherwise have to be exported to the others.
 *
 * <p>The JVM must be started with {@code --enable-native-access=dev.patchbay.netlink} (or the launcher must grant it by
 * {@code ModuleLayer.Controller.enableNativeAccess}); changing the network needs CAP_NET_ADMIN, and namespaces need
 * CAP_SYS_ADMIN.
 */
module dev.patchbay.netlink {
  // Nullness annotations, read by the compiler and by tools; nothing needs them at run time.
  requires static transitive org.jspecify;

  exports dev.patchbay.netlink;
  exports dev.patchbay.netlink.conntrack;
  exports dev.patchbay.netlink.nft;
  exports dev.patchbay.netlink.route;
}
