package dev.patchbay.lab.services;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** In which form the lab's nodes have the rules by which service addresses lead to pods. */
public enum ServiceRules {
  /** None: service addresses lead nowhere, or somebody else's proxy sees to them. */
  NONE,
  /** As kube-proxy makes them in its mode iptables. */
  IPTABLES,
  /** As kube-proxy makes them in its mode nftables. */
  NFT;

  /** The form of that name, as a person writes it. */
  public static Optional<ServiceRules> named(String name) {
    return Arrays.stream(values()).filter(form -> form.word().equals(name)).findFirst();
  }

  /** Its name as a person writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
