package dev.patchbay.lab.ec2;

import com.sun.net.httpserver.Headers;
import dev.patchbay.lab.vpc.Ec2Error;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks Signature Version 4 (AWS IAM user guide, "Create a signed AWS API request"), as the service does: the SDK signs,
 * and has nothing that checks.
 */
final class SignatureV4 {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  /** AWS IAM user guide, "Elements of an AWS API request signature": a request must arrive within five minutes of its time. */
  private static final Duration SKEW = Duration.ofMinutes(5);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " +Credential=([^/,]+)/([0-9]{8})/([^/,]+)/([^/,]+)/aws4_request *, *SignedHeaders=([^,]+) *,"
              + " *Signature=([0-9a-f]{64})");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** STS as far as {@link CallerIdentity} goes. */
  private static final Set<String> SERVICES = Set.of("ec2", CallerIdentity.SERVICE);

  private final Callers callers;
  private final String region;

  SignatureV4(Callers callers, String region) {
    this.callers = callers;
    this.region = region;
  }

  /** Says who signed a request. */
  Caller verify(String method, URI uri, Headers headers, byte[] body, Instant now) {
    String authorization =
        first(headers, "Authorization")
            .orElseThrow(
                () ->
                    new Ec2Error(
                        403,
                        "MissingAuthenticationToken",
                        "Request is missing Authentication Token"));
    Matcher parts = AUTHORIZATION.matcher(authorization);
    if (!parts.matches()) {
      throw new Ec2Error(
          400, "IncompleteSignature", "The request signature does not conform to AWS standards: " + authorization);
    }
    String keyId = parts.group(1);
    String day = parts.group(2);
    String scope = day + "/" + parts.group(3) + "/" + parts.group(4) + "/aws4_request";
    if (!parts.group(3).equals(region) || !SERVICES.contains(parts.group(4))) {
      throw new Ec2Error(
          403, "SignatureDoesNotMatch", "Credential should be scoped to region '" + region + "' and service 'ec2'.");
    }
    IssuedCredentials credentials = callers.credentials(keyId).orElseThrow(SignatureV4::unknown);
    String stamp = first(headers, "X-Amz-Date").orElse("");
    checkTime(stamp, day, credentials, now);
    if (!first(headers, "X-Amz-Security-Token").equals(Optional.of(credentials.sessionToken()))) {
      throw unknown();
    }
    List<String> signed = Arrays.asList(parts.group(5).split(";"));
    if (!signed.contains("host")) {
      throw new Ec2Error(403, "SignatureDoesNotMatch", "'Host' must be a 'SignedHeader' in the AWS Authorization.");
    }
    String canonical =
        String.join(
            "\n",
            method,
            uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
            canonicalQuery(uri),
            signed.stream().map(name -> name + ":" + value(headers, name) + "\n").collect(Collectors.joining()),
            parts.group(5),
            hex(sha256(body)));
    String toSign =
        String.join(
            "\n", ALGORITHM, stamp, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(day, region, parts.group(4), "aws4_request", toSign)) {
      key = hmac(key, part);
    }
    byte[] given = HexFormat.of().parseHex(parts.group(6));
    if (!MessageDigest.isEqual(key, given)) {
      throw unknown();
    }
    return callers.owner(keyId).orElseThrow(SignatureV4::unknown);
  }

  /** The service that a request is signed for; empty if it is not signed. */
  static Optional<String> service(Headers headers) {
    return first(headers, "Authorization").map(AUTHORIZATION::matcher).filter(Matcher::matches).map(parts -> parts.group(4));
  }

  private static void checkTime(String stamp, String day, IssuedCredentials credentials, Instant now) {
    Instant time;
    try {
      time = STAMP.parse(stamp, Instant::from);
    } catch (DateTimeParseException e) {
      throw new Ec2Error(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'. Got '" + stamp + "'.");
    }
    if (!stamp.startsWith(day)) {
      throw new Ec2Error(
          403,
          "SignatureDoesNotMatch",
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date.");
    }
    boolean skewed = Duration.between(time, now).abs().compareTo(SKEW) > 0;
    if (skewed || !now.isBefore(credentials.expires())) {
      throw new Ec2Error(400, "RequestExpired", "Request has expired.");
    }
  }

  /** EC2 does not say whether the key or the signature is wrong. */
  private static Ec2Error unknown() {
    return new Ec2Error(401, "AuthFailure", "AWS was not able to validate the provided access credentials");
  }

  private static String canonicalQuery(URI uri) {
    String query = uri.getRawQuery();
    if (query == null || query.isEmpty()) {
      return "";
    }
    return Arrays.stream(query.split("&"))
        .map(pair -> pair.contains("=") ? pair : pair + "=")
        .map(pair -> pair.replace("+", "%20"))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static String value(Headers headers, String name) {
    List<String> values = headers.get(name);
    return values == null
        ? ""
        : values.stream().map(v -> v.strip().replaceAll(" +", " ")).collect(Collectors.joining(","));
  }

  private static Optional<String> first(Headers headers, String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
