package dev.patchbay.admission;

import dev.patchbay.cluster.admission.Asked;
import dev.patchbay.cluster.admission.Registration;
import dev.patchbay.controller.AdmissionSettings;
import dev.patchbay.controller.Admissions;
import dev.patchbay.core.needs.RuntimeNeeds;
import dev.patchbay.core.objects.ClusterException;
import dev.patchbay.node.Endpoint;
import dev.patchbay.spi.Code;
import dev.patchbay.spi.Finding;
import dev.patchbay.spi.ObjectKind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admission of one replica. One thread keeps the certificate and, while the replica acts for the cluster, the registration; every replica
 * answers. For any thread.
 */
final class RunningAdmission implements Admissions.Admission {
  private static final Logger LOG = LoggerFactory.getLogger(RunningAdmission.class);
  private static final String CERTIFICATE = "webhook certificate";
  private static final String REGISTRATION = "webhook registration";
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  /** In this many pauses a certificate goes from its making to its end. */
  private static final int PAUSES = 20;

  private final AdmissionSettings settings;
  private final List<Asked> asked;
  private final Admissions.Surroundings surroundings;
  private final Keeper keeper;
  private final Registrar registrar;
  private final Deciders deciders;
  private final ServedKey key = new ServedKey();
  private final Tally tally = new Tally();
  private final AtomicBoolean listening = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile Optional<Identity> identity = Optional.empty();
  private volatile boolean registered;
  private @Nullable Endpoint endpoint;

  RunningAdmission(AdmissionSettings settings, List<Asked> asked, Admissions.Surroundings surroundings) {
    this.settings = settings;
    this.asked = settings.address().isEmpty() ? List.of() : List.copyOf(asked);
    this.surroundings = surroundings;
    String host = settings.service() + "." + settings.namespace() + ".svc";
    this.keeper = new Keeper(surroundings.client(), RuntimeNeeds.only(RuntimeNeeds.SECRET, settings.namespace()),
        new Renewal(new Certifier(), List.of(host, host + ".cluster.local"), settings.certificateLifetime()));
    this.registrar = new Registrar(surroundings.client(), new Registration(settings.namespace(), settings.service(), settings.exempt()),
        this.asked);
    this.deciders = new Deciders(surroundings::objects, surroundings::told, Deciders.LONGEST);
    this.thread = Thread.ofVirtual().name("admission").start(this::run);
  }

  private void run() {
    Duration pause = settings.certificateLifetime().dividedBy(PAUSES);
    Duration usual = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    boolean led = false;
    long due = System.nanoTime();
    try {
      do {
        boolean leads = surroundings.leads();
        if (leads != led || System.nanoTime() - due >= 0) {
          led = leads;
          due = System.nanoTime() + (keep(leads) ? usual : AFTER_FAILURE.compareTo(usual) < 0 ? AFTER_FAILURE : usual).toNanos();
        }
      } while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      LOG.debug("Admission ends.");
    }
  }

  /** Keeps what is to be kept; returns whether nothing is left to be done. */
  private boolean keep(boolean leads) {
    boolean kept = asked.isEmpty() || attempt(CERTIFICATE, AdmissionCodes.CERTIFICATE_UNKEPT, this::certificate);
    // Nobody is to be asked before there is a certificate to answer with.
    boolean registers = leads && (asked.isEmpty() || identity.isPresent());
    registered = registers && attempt(REGISTRATION, AdmissionCodes.UNREGISTERED,
        () -> registrar.keep(identity.map(IdentityText::bundle).orElse("")));
    if (!leads) {
      surroundings.told(REGISTRATION, Optional.empty());
    }
    return kept && (registered || !leads);
  }

  private boolean certificate() {
    boolean kept = keeper.keep(Instant.now());
    keeper.current().ifPresent(now -> {
      key.serve(now.server());
      identity = Optional.of(now);
      listen();
    });
    return kept;
  }

  private synchronized void listen() {
    if (endpoint == null && ended.getCount() > 0) {
      InetSocketAddress address = settings.address().orElseThrow();
      endpoint = new Endpoint("controller.webhookAddress", address, () -> {
        Front front = new Front(address, key, asked, deciders, tally, settings.user());
        listening.set(true);
        return front;
      }, found -> surroundings.told("controller.webhookAddress", found));
    }
  }

  private interface Attempt {
    boolean made();
  }

  private boolean attempt(String about, Code code, Attempt attempt) {
    try {
      boolean made = attempt.made();
      surroundings.told(about, Optional.empty());
      return made;
    } catch (ClusterException e) {
      surroundings.told(about, Optional.of(Finding.of(code, String.valueOf(e.getMessage()), "See that the service account of the controller"
          + " has what `patchbay permissions --rbac --side cluster` prints for the modes that are chosen. It goes on trying.")));
      return false;
    }
  }

  @Override
  public Optional<String> unready() {
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    if (identity.isEmpty()) {
      return Optional.of("There is no certificate for the webhooks yet.");
    }
    if (!listening.get()) {
      return Optional.of("Nobody listens on controller.webhookAddress yet.");
    }
    TreeSet<String> unheard = new TreeSet<>();
    for (Asked each : asked) {
      Deciders.unheard(each, surroundings.objects()).stream().map(ObjectKind::toString).forEach(unheard::add);
    }
    return unheard.isEmpty() ? Optional.empty() : Optional.of("Of " + String.join(", ", unheard) + " not all objects have been heard yet.");
  }

  @Override
  public Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("rules", asked.stream().map(Asked::name).toList());
    report.put("ready", unready().isEmpty());
    report.put("registered", registered);
    identity.ifPresent(now -> {
      report.put("certificate", now.server().certificate().getSerialNumber().toString(16));
      report.put("certificateUntil", now.server().certificate().getNotAfter().toInstant().toString());
      report.put("authorities", now.authorities().size());
    });
    report.put("answers", tally.counts());
    return report;
  }

  @Override
  public void close() {
    ended.countDown();
    thread.interrupt();
    Endpoint there;
    synchronized (this) {
      there = endpoint;
    }
    if (there != null) {
      there.close();
    }
    deciders.close();
  }
}
