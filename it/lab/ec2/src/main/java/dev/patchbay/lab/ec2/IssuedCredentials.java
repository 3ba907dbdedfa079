package dev.patchbay.lab.ec2;

import java.time.Instant;

/**
 * Credentials that the lab has issued; worth nothing anywhere else.
 *
 * @param accessKeyId the key's id
 * @param secretAccessKey the key
 * @param sessionToken the token that goes with it
 * @param expires when they are void
 */
public record IssuedCredentials(String accessKeyId, String secretAccessKey, String sessionToken, Instant expires) {}
