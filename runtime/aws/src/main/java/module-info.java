/**
 * The way to AWS: EC2 by the AWS SDK, and the instance's metadata. Lives in the cloud layer, above the one that serves pods, so that
 * pods are answered while the SDK still loads.
 */
module dev.patchbay.aws {
  requires dev.patchbay.core;
  requires dev.patchbay.types;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.services.ec2;
  requires software.amazon.awssdk.utils;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  provides dev.patchbay.core.cloud.CloudClients with dev.patchbay.aws.AwsCloudClients;
}
