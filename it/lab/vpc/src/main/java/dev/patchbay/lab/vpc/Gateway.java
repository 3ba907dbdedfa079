package dev.patchbay.lab.vpc;

import java.util.Map;

/** A way out of a VPC. */
public sealed interface Gateway permits InternetGateway, NatGateway, EgressOnlyGateway {
  /** Its id. */
  String id();

  /** Its tags. */
  Map<String, String> tags();
}
