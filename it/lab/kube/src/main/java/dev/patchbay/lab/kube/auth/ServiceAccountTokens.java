package dev.patchbay.lab.kube.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patchbay.lab.kube.model.Json;
import dev.patchbay.lab.kube.model.StatusException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Service-account tokens: JSON web tokens with the claims of a bound token (Kubernetes documentation, "Managing Service
 * Accounts"), signed with ES256 by a key made at start. Thread-safe.
 */
public final class ServiceAccountTokens {
  /** The issuer, and the audience of tokens that name none. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  // The form that JSON web signatures use, both numbers one after the other (RFC 7518, section 3.4).
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final String HEADER = encode(Json.bytes(Json.object().put("alg", "ES256").put("typ", "JWT")));

  private final KeyPair keys;

  /** Makes a signing key. */
  public ServiceAccountTokens() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key for service-account tokens could be made: " + e.getMessage(), e);
    }
  }

  /**
   * Whom a token speaks for.
   *
   * @param namespace the service account's namespace
   * @param name the service account's name
   * @param uid the service account's uid when the token was made
   * @param audiences whom the token is meant for
   * @param boundPod the pod that the token dies with, if there is one: its name and uid
   */
  public record Claims(
      String namespace, String name, String uid, List<String> audiences, Optional<BoundPod> boundPod) {}

  /**
   * A pod that a token is bound to.
   *
   * @param name its name
   * @param uid its uid
   */
  public record BoundPod(String name, String uid) {}

  /** Makes a token that is good from now on for some time. */
  public String issue(Claims claims, Duration lifetime) {
    Instant now = Instant.now();
    ObjectNode payload = Json.object();
    payload.set("aud", Json.strings(claims.audiences().isEmpty() ? List.of(ISSUER) : claims.audiences()));
    payload
        .put("exp", now.plus(lifetime).getEpochSecond())
        .put("iat", now.getEpochSecond())
        .put("nbf", now.getEpochSecond())
        .put("iss", ISSUER)
        .put("jti", UUID.randomUUID().toString())
        .put("sub", "system:serviceaccount:" + claims.namespace() + ":" + claims.name());
    ObjectNode kubernetes = payload.putObject("kubernetes.io").put("namespace", claims.namespace());
    claims
        .boundPod()
        .ifPresent(pod -> kubernetes.putObject("pod").put("name", pod.name()).put("uid", pod.uid()));
    kubernetes.putObject("serviceaccount").put("name", claims.name()).put("uid", claims.uid());
    String signed = HEADER + "." + encode(Json.bytes(payload));
    return signed + "." + encode(sign(signed));
  }

  /** Reads a token; empty if it is none of ours, altered, or no longer good. */
  public Optional<Claims> verify(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      Base64.Decoder decoder = Base64.getUrlDecoder();
      if (!verify(parts[0] + "." + parts[1], decoder.decode(parts[2]))) {
        return Optional.empty();
      }
      JsonNode payload = Json.parseObject(decoder.decode(parts[1]));
      if (payload.path("exp").asLong() <= Instant.now().getEpochSecond()) {
        return Optional.empty();
      }
      JsonNode kubernetes = payload.path("kubernetes.io");
      Optional<BoundPod> pod =
          Json.optional(kubernetes, "pod", "name")
              .map(name -> new BoundPod(name, Json.text(kubernetes, "pod", "uid")));
      return Optional.of(
          new Claims(
              Json.text(kubernetes, "namespace"),
              Json.text(kubernetes, "serviceaccount", "name"),
              Json.text(kubernetes, "serviceaccount", "uid"),
              Json.list(payload, "aud"),
              pod));
    } catch (IllegalArgumentException | StatusException notOurs) {
      return Optional.empty();
    }
  }

  private byte[] sign(String text) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a service-account token could not be signed: " + e.getMessage(), e);
    }
  }

  private boolean verify(String text, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(keys.getPublic());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.verify(signed);
    } catch (GeneralSecurityException malformed) {
      // The JDK reports a signature of another length this way; it is not ours then.
      return false;
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
