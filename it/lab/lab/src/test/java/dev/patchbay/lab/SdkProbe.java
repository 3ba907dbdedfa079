package dev.patchbay.lab;

import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** A program with the AWS SDK for Java that knows of EC2 what its environment says, and runs in a process of its own. */
final class SdkProbe {
  private SdkProbe() {}

  public static void main(String[] arguments) {
    try (Ec2Client client = Ec2Client.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      client.describeInstances().reservations().forEach(
          reservation -> reservation.instances().forEach(instance -> System.out.println(instance.instanceId())));
      try {
        System.out.println(client.describeVpcs().vpcs().getFirst().vpcId());
      } catch (Ec2Exception refused) {
        System.out.println(refused.awsErrorDetails().errorCode());
      }
    }
  }
}
