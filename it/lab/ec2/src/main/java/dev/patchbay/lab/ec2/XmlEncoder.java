package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.Ec2Error;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** Writes the SDK's model classes as EC2's answers, by the fields that these describe themselves. */
final class XmlEncoder {
  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private XmlEncoder() {}

  /** An answer; one without fields of its own says {@code return} true, as EC2's does. */
  static String answer(String action, String requestId, SdkPojo answer) {
    return write(
        xml -> {
          xml.writeStartElement(action + "Response");
          xml.writeDefaultNamespace(NAMESPACE);
          text(xml, "requestId", requestId);
          if (answer.sdkFields().isEmpty()) {
            text(xml, "return", "true");
          }
          fields(xml, answer);
          xml.writeEndElement();
        });
  }

  /** An error in EC2's shape. */
  static String error(String requestId, Ec2Error error) {
    return write(
        xml -> {
          xml.writeStartElement("Response");
          xml.writeStartElement("Errors");
          xml.writeStartElement("Error");
          text(xml, "Code", error.code());
          text(xml, "Message", error.text());
          xml.writeEndElement();
          xml.writeEndElement();
          text(xml, "RequestID", requestId);
          xml.writeEndElement();
        });
  }

  @FunctionalInterface
  private interface Body {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  /** An answer of STS, whose form is another. */
  static String callerIdentity(String requestId, String account, String arn, String userId) {
    return write(
        xml -> {
          xml.writeStartElement("GetCallerIdentityResponse");
          xml.writeDefaultNamespace("https://sts.amazonaws.com/doc/2011-06-15/");
          xml.writeStartElement("GetCallerIdentityResult");
          text(xml, "Arn", arn);
          text(xml, "UserId", userId);
          text(xml, "Account", account);
          xml.writeEndElement();
          xml.writeStartElement("ResponseMetadata");
          text(xml, "RequestId", requestId);
          xml.writeEndElement();
          xml.writeEndElement();
        });
  }

  /** A refusal of STS. */
  static String identityError(String requestId, Ec2Error error) {
    return write(
        xml -> {
          xml.writeStartElement("ErrorResponse");
          xml.writeDefaultNamespace("https://sts.amazonaws.com/doc/2011-06-15/");
          xml.writeStartElement("Error");
          text(xml, "Type", "Sender");
          text(xml, "Code", error.code());
          text(xml, "Message", error.text());
          xml.writeEndElement();
          text(xml, "RequestId", requestId);
          xml.writeEndElement();
        });
  }

  private static String write(Body body) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = FACTORY.createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      body.write(xml);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("an answer can't be written as XML", e);
    }
    return text.toString();
  }

  private static void fields(XMLStreamWriter xml, SdkPojo pojo) throws XMLStreamException {
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      if (value != null && !(value instanceof SdkAutoConstructList)) {
        element(xml, field.unmarshallLocationName(), field, value);
      }
    }
  }

  private static void element(XMLStreamWriter xml, String name, SdkField<?> field, Object value)
      throws XMLStreamException {
    switch (Objects.requireNonNull(field.marshallingType().getKnownType())) {
      case LIST -> {
        ListTrait trait = field.getRequiredTrait(ListTrait.class);
        xml.writeStartElement(name);
        for (Object item : (List<?>) value) {
          element(xml, trait.memberFieldInfo().unmarshallLocationName(), trait.memberFieldInfo(), item);
        }
        xml.writeEndElement();
      }
      case SDK_POJO -> {
        xml.writeStartElement(name);
        fields(xml, (SdkPojo) value);
        xml.writeEndElement();
      }
      case INSTANT -> text(xml, name, TIME.format((Instant) value));
      case STRING, INTEGER, LONG, BOOLEAN, FLOAT, DOUBLE, BIG_DECIMAL, SHORT, BYTE -> text(xml, name, value.toString());
      case SDK_BYTES, MAP, DOCUMENT, NULL ->
          throw new IllegalStateException("EC2 answers with no such type: " + name + " of " + field.marshallingType());
    }
  }

  private static void text(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeCharacters(value);
    xml.writeEndElement();
  }
}
