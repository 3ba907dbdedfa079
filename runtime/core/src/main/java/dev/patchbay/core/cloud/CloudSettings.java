package dev.patchbay.core.cloud;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the cloud is.
 *
 * @param ec2Endpoint the EC2 endpoint; empty for the region's own
 * @param region the region; empty for the one that the instance's metadata gives
 * @param metadataEndpoint the endpoint of instance metadata; empty for the usual one
 * @param timeLimit the longest that one call may take
 */
public record CloudSettings(Optional<URI> ec2Endpoint, Optional<String> region, Optional<URI> metadataEndpoint,
    Duration timeLimit) {}
