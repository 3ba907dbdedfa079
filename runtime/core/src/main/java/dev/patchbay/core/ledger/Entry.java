package dev.patchbay.core.ledger;

import dev.patchbay.core.cloud.InstanceTypeRecord;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.Cidr;
import dev.patchbay.spi.net.IpAddress;
import java.util.List;

/**
 * One entry of the ledger. It has two parts. Attachments and what the node has seen lie under /run and end with a boot, as
 * pods do; provenance, that is what we made in EC2, lies under /var/lib and survives boots.
 */
public sealed interface Entry {
  /** The part of the ledger that an entry belongs to. */
  enum Part {
    /** Ends with a boot. */
    RUN,
    /** Survives boots. */
    LIB
  }

  /**
   * {@return the part that it belongs to}
   */
  Part part();

  /**
   * {@return the entry as bytes for the journal}
   */
  default byte[] bytes() {
    return FieldsCodec.encode(EntryFields.of(this));
  }

  /**
   * Reads an entry.
   *
   * @param bytes the bytes
   * @return the entry; {@link Unknown} for one that a newer version wrote
   * @throws LedgerFormatException if they are no entry
   */
  static Entry of(byte[] bytes) {
    return EntryFields.read(FieldsCodec.decode(bytes));
  }

  /** An entry of the part under /run. */
  sealed interface Run extends Entry {
    @Override
    default Part part() {
      return Part.RUN;
    }
  }

  /** An entry of the part under /var/lib. */
  sealed interface Lib extends Entry {
    @Override
    default Part part() {
      return Part.LIB;
    }
  }

  /**
   * An attachment as it now is.
   *
   * @param attachment the attachment
   */
  record Attached(AttachmentRecord attachment) implements Run {}

  /**
   * An attachment changed its state, and nothing else.
   *
   * @param key the attachment
   * @param state the state
   */
  record Marked(AttachmentKey key, AttachmentRecord.State state) implements Run {}

  /**
   * Whoever asked for an attachment has read the answer. Written behind it: an attachment without may have been promised to somebody
   * who never heard of it.
   *
   * @param key the attachment
   */
  record Told(AttachmentKey key) implements Run {}

  /**
   * An attachment ended; its addresses cool down.
   *
   * @param key the attachment
   * @param coolUntil until when, in milliseconds of the monotonic clock, which runs on over a daemon's restart and ends with
   *     the boot, as this part does
   */
  record Ended(AttachmentKey key, long coolUntil) implements Run {}

  /**
   * An address cools down, whoever held it.
   *
   * @param address the address
   * @param coolUntil until when, in milliseconds of the monotonic clock
   */
  record Cools(IpAddress address, long coolUntil) implements Run {}

  /**
   * What the node has last seen of itself and its interfaces, whole.
   *
   * @param facts the facts
   */
  record Seen(Fields facts) implements Run {}

  /**
   * What each mode planned for the node when it was last able to, whole.
   *
   * @param plan the plan
   */
  record Planned(Fields plan) implements Run {}

  /**
   * An interface is about to be made.
   *
   * @param token the client token
   * @param lane the lane that it is for
   */
  record EniIntended(String token, String lane) implements Lib {}

  /**
   * We made an interface.
   *
   * @param token the client token that it was made with
   * @param eniId the interface
   * @param lane the lane that it is for
   */
  record EniMade(String token, String eniId, String lane) implements Lib {}

  /**
   * An interface that we made is gone, or was never made.
   *
   * @param token the client token that it was to be made with
   */
  record EniGone(String token) implements Lib {}

  /**
   * Addresses or prefixes of EC2's choice are about to be asked for on an interface. The call has no token: if its answer is lost, it is
   * not repeated before EC2 has been looked at.
   *
   * @param eniId the interface
   */
  record UnitsIntended(String eniId) implements Lib {}

  /**
   * It is known what came of asking for addresses or prefixes on an interface.
   *
   * @param eniId the interface
   */
  record UnitsSettled(String eniId) implements Lib {}

  /**
   * We assigned addresses or prefixes.
   *
   * @param eniId the interface
   * @param units the addresses (as networks of one address) and prefixes
   */
  record UnitsMade(String eniId, List<Cidr> units) implements Lib {
    /**
     * Copies the list.
     */
    public UnitsMade {
      units = List.copyOf(units);
    }
  }

  /**
   * A particular address is asked for on an interface, for one attachment: it is ours, and no stock for others. Written before EC2 is
   * asked, since EC2 could not say afterwards what the address is for.
   *
   * @param eniId the interface
   * @param address the address
   */
  record ParticularMade(String eniId, IpAddress address) implements Lib {}

  /**
   * Addresses or prefixes that we had assigned are released.
   *
   * @param eniId the interface
   * @param units the addresses and prefixes
   */
  record UnitsGone(String eniId, List<Cidr> units) implements Lib {
    /**
     * Copies the list.
     */
    public UnitsGone {
      units = List.copyOf(units);
    }
  }

  /**
   * Addresses or prefixes are about to be taken off an interface: from now on nobody is given any of them, whatever a witness says.
   *
   * @param eniId the interface
   * @param units the addresses and prefixes
   */
  record UnitsLeaving(String eniId, List<Cidr> units) implements Lib {
    /**
     * Copies the list.
     */
    public UnitsLeaving {
      units = List.copyOf(units);
    }
  }

  /**
   * Addresses or prefixes that were leaving an interface have left it, as EC2 said. They are on their way yet, since descriptions may have
   * them for a while; but if they are there for good, somebody else has put them there.
   *
   * @param eniId the interface
   * @param units the addresses and prefixes
   */
  record UnitsLeft(String eniId, List<Cidr> units) implements Lib {
    /**
     * Copies the list.
     */
    public UnitsLeft {
      units = List.copyOf(units);
    }
  }

  /**
   * Addresses or prefixes that were to be taken off an interface are still there, for certain, and may be used again.
   *
   * @param eniId the interface
   * @param units the addresses and prefixes
   */
  record UnitsStay(String eniId, List<Cidr> units) implements Lib {
    /**
     * Copies the list.
     */
    public UnitsStay {
      units = List.copyOf(units);
    }
  }

  /**
   * An interface that we made is about to be given back: from now on nobody is given an address of it.
   *
   * @param eniId the interface
   */
  record EniLeaving(String eniId) implements Lib {}

  /**
   * An interface that was to be given back stays, for certain, and may be used again.
   *
   * @param eniId the interface
   */
  record EniStays(String eniId) implements Lib {}

  /**
   * EC2 told the limits of an instance type that is in no table.
   *
   * @param type the limits
   */
  record TypeLearned(InstanceTypeRecord type) implements Lib {}

  /**
   * An entry that a newer version wrote: kept to the letter, reported, and never acted on.
   *
   * @param fields its fields
   */
  record Unknown(Fields fields) implements Entry {
    @Override
    public Part part() {
      return Part.valueOf(fields.text("part").orElse("RUN"));
    }
  }
}
