/**
 * EC2's query protocol and the instance metadata service over the state of a VPC.
 *
 * <p>Requests and answers are coded by the AWS SDK's own model classes, so what a client of AWS sends is understood and
 * what it gets parses, for as many actions as are modelled.
 */
@SuppressWarnings("module") // the digit belongs to the name of the service
module dev.patchbay.lab.ec2 {
  requires transitive dev.patchbay.lab.calls;
  requires transitive dev.patchbay.lab.vpc;
  requires java.xml;
  requires transitive jdk.httpserver;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.protocols.jsoncore;
  requires software.amazon.awssdk.services.ec2;
  requires software.amazon.awssdk.utils;
  requires static transitive org.jspecify; // annotations only: nothing of it is needed at run time

  exports dev.patchbay.lab.ec2;
}
