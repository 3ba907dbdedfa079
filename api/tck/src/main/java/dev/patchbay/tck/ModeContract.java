package dev.patchbay.tck;

import org.apiguardian.api.API;

/**
 * The whole contract of a networking mode.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ModeContract extends DescriptorContract, PurityContract, EniContract, AddressContract, DatapathContract,
    ObjectContract, ClusterContract {}
