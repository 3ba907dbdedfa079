package dev.patchbay.it.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulation believes its model of EC2 and IMDS, the tests on packets believe the lab: here both are told the same and must answer the
 * same, down to the error code and to what the adapter makes of it, and describe the same after each step.
 */
class ModelAndLabTest {
  private static final int SEQUENCES = 120;
  private static final int MOST_TO_FIND = 120;

  @Test
  void theModelAndTheLabAnswerAlike() {
    Map<String, Integer> outcomes = new TreeMap<>();
    long first = Long.getLong("patchbay.seed", 1);
    int many = Integer.getInteger("patchbay.sequences", SEQUENCES);
    for (long seed = first; seed < first + many; seed++) {
      assertThat(Sequence.run(seed, Breach.NONE, outcomes)).as("seed %d", seed).isEmpty();
    }
    System.Logger log = System.getLogger(ModelAndLabTest.class.getName());
    log.log(System.Logger.Level.INFO, () -> many + " sequences alike; " + outcomes);
    if (first == 1 && many >= SEQUENCES) {
      // A comparison of nothing but successes, or of nothing but refusals, would prove little.
      assertThat(outcomes.keySet()).contains("CreateInterface ok", "CreateInterface SUBNET_FULL InsufficientFreeAddressesInSubnet",
          "CreateInterface SUBNET_FRAGMENTED InsufficientCidrBlocks", "CreateInterface REFUSED IdempotentParameterMismatch",
          "CreateInterface NOT_FOUND InvalidSubnetID.NotFound", "CreateInterface LIMIT PrivateIpAddressLimitExceeded",
          "AttachInterface ok", "AttachInterface LIMIT AttachmentLimitExceeded", "AttachInterface STATE InvalidNetworkInterface.InUse",
          "AttachInterface LIMIT PrivateIpAddressLimitExceeded", "AttachInterface STATE InvalidParameterValue",
          "AttachInterface THROTTLED RequestLimitExceeded", "AssignAddresses ok", "AssignAddresses LIMIT PrivateIpAddressLimitExceeded",
          "AssignAddresses SUBNET_FULL InsufficientFreeAddressesInSubnet", "AssignAddresses SUBNET_FRAGMENTED InsufficientCidrBlocks",
          "AssignParticular ok", "AssignParticular REFUSED InvalidParameterValue", "AssignParticular STATE InvalidIPAddress.InUse",
          "Unassign ok", "Unassign NOT_FOUND InvalidParameterValue", "Unassign REFUSED InvalidParameterValue", "Detach ok",
          "Detach NOT_FOUND InvalidAttachmentID.NotFound", "Detach STATE IncorrectState", "Detach REFUSED OperationNotPermitted",
          "Delete ok", "Delete STATE InvalidParameterValue", "Delete NOT_FOUND InvalidNetworkInterfaceID.NotFound", "SetGroups ok",
          "SetGroups NOT_FOUND InvalidGroup.NotFound", "DeleteWithInstance ok", "Tag ok");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDifferenceIsFound(Breach breach) {
    Optional<String> found = LongStream.rangeClosed(1, MOST_TO_FIND).boxed()
        .flatMap(seed -> Sequence.run(seed, breach, new TreeMap<>()).stream()).findFirst();
    assertThat(found).as(breach.name()).isPresent();
    assertThat(found.orElseThrow()).contains("seed", "the model:", "the lab:");
  }
}
