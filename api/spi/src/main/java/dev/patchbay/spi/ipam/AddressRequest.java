package dev.patchbay.spi.ipam;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.net.IpAddress;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One address that an attachment should hold. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class AddressRequest {
  /** The role of a pod's own address. */
  public static final String ROLE_POD = "pod";
  /**
   * The role of an address by which a pod reaches the other family, never seen outside the node. Where another mode gives the pod an
   * address of that family, the runtime drops the request.
   */
  public static final String ROLE_EGRESS = "egress";
  /**
   * The role of an address that another plugin puts on the interface that it makes. The runtime assigns it and takes it back, and
   * delivers nothing to it.
   */
  public static final String ROLE_PLUGIN = "plugin";

  private final Fields fields;

  private AddressRequest(Fields fields) {
    this.fields = fields;
  }

  /**
   * An address from a lane, in the role of the pod's own, shown in the CNI result.
   *
   * @param lane the lane's name
   * @param family the family
   * @return the request
   */
  public static AddressRequest from(String lane, AddressFamily family) {
    return new AddressRequest(Fields.empty().with("lane", lane).with("family", family.name()).with("role", ROLE_POD)
        .with("shown", true));
  }

  /**
   * An address from the lane that modifiers choose for the pod: {@link dev.patchbay.spi.eni.Lane#DEFAULT} if none does.
   *
   * @param family the family
   * @return the request
   */
  public static AddressRequest fromChosenLane(AddressFamily family) {
    return new AddressRequest(
        Fields.empty().with("family", family.name()).with("role", ROLE_POD).with("shown", true));
  }

  /**
   * Reads a request back.
   *
   * @param fields the fields of {@link #fields()}
   * @return the request
   */
  public static AddressRequest of(Fields fields) {
    return new AddressRequest(fields);
  }

  /**
   * {@return this request in another role}
   * @param role the role's name, which the datapath planner of the same mode reads
   */
  public AddressRequest inRole(String role) {
    return new AddressRequest(fields.with("role", role));
  }

  /**
   * {@return this request, its address left out of the CNI result}
   */
  public AddressRequest hidden() {
    return new AddressRequest(fields.with("shown", false));
  }

  /**
   * {@return this request for one particular address}
   * @param address the address
   */
  public AddressRequest particular(IpAddress address) {
    return new AddressRequest(fields.with("address", address.toString()));
  }

  /**
   * {@return this request for an address that lies on a particular interface: for addresses given}
   * @param eni the interface's id
   */
  public AddressRequest on(String eni) {
    return new AddressRequest(fields.with("eni", eni));
  }

  /**
   * {@return this request with details of the mode's own, kept in the ledger with the address}
   * @param details the details
   */
  public AddressRequest withDetails(Fields details) {
    return new AddressRequest(fields.with("details", details));
  }

  /**
   * {@return the lane's name; empty if it is left to modifiers}
   */
  public Optional<String> lane() {
    return fields.text("lane");
  }

  /**
   * {@return the family}
   */
  public AddressFamily family() {
    return AddressFamily.valueOf(fields.required("family"));
  }

  /**
   * {@return the role}
   */
  public String role() {
    return fields.required("role");
  }

  /**
   * {@return whether the CNI result shows the address}
   */
  public boolean shown() {
    return fields.isTrue("shown");
  }

  /**
   * {@return the address that is wanted; empty if any will do}
   */
  public Optional<IpAddress> particular() {
    return fields.text("address").map(IpAddress::of);
  }

  /**
   * {@return the interface that the address lies on, for an address given}
   */
  public Optional<String> eni() {
    return fields.text("eni");
  }

  /**
   * {@return details of the mode's own}
   */
  public Fields details() {
    return fields.fields("details");
  }

  /**
   * {@return the request as fields}
   */
  public Fields fields() {
    return fields;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AddressRequest request && request.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
