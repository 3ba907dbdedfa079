/**
 * The first classes of every process of Patchbay. The boot layer holds the JDK, the SPI and this module; it builds the
 * layers of the program that is asked for, starts the program in them, and loads modes, each into a layer of its own.
 */
module dev.patchbay.launch {
  requires transitive dev.patchbay.spi;
  // Automatic modules name no module that they need, so what the libraries of the layers need of the JDK is resolved here.
  requires java.desktop;
  requires java.logging;
  requires java.management;
  requires java.naming;
  requires java.net.http;
  requires java.security.jgss;
  requires java.security.sasl;
  requires java.sql;
  requires java.xml;
  requires jdk.httpserver;
  requires jdk.unsupported;
  // Annotations only: nothing of it is needed at run time.
  requires static transitive org.jspecify;

  uses dev.patchbay.launch.Program;
  uses dev.patchbay.spi.NetworkModeProvider;

  exports dev.patchbay.launch;
}
