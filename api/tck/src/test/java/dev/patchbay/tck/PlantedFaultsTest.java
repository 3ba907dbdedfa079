package dev.patchbay.tck;

import static dev.patchbay.tck.Contracts.assertFound;
import static dev.patchbay.tck.Contracts.failures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Answer;
import dev.patchbay.spi.Codes;
import dev.patchbay.spi.Fields;
import dev.patchbay.spi.ModeDescriptor;
import dev.patchbay.spi.Needs;
import dev.patchbay.spi.ObjectKind;
import dev.patchbay.spi.ObjectRef;
import dev.patchbay.spi.Role;
import dev.patchbay.spi.Setting;
import dev.patchbay.spi.cluster.AdmissionDecision;
import dev.patchbay.spi.cluster.AdmissionPlanner;
import dev.patchbay.spi.cluster.ClusterPlan;
import dev.patchbay.spi.cluster.ClusterPlanner;
import dev.patchbay.spi.cluster.ClusterView;
import dev.patchbay.spi.eni.EniPlan;
import dev.patchbay.spi.eni.GroupChoice;
import dev.patchbay.spi.eni.Lane;
import dev.patchbay.spi.eni.SubnetChoice;
import dev.patchbay.spi.ipam.AddressPlan;
import dev.patchbay.spi.ipam.AddressRequest;
import dev.patchbay.spi.ipam.AddressSource;
import dev.patchbay.spi.ipam.PodClaim;
import dev.patchbay.spi.ipam.Targets;
import dev.patchbay.spi.ipam.Unit;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.object.ObjectPlan;
import dev.patchbay.spi.object.ObjectPlanner;
import dev.patchbay.spi.view.AttachmentView;
import dev.patchbay.spi.view.NodeView;
import dev.patchbay.spi.view.ObjectsView;
import dev.patchbay.tck.view.TestCluster;
import dev.patchbay.tck.view.TestEni;
import dev.patchbay.tck.view.TestNode;
import dev.patchbay.tck.view.TestPod;
import dev.patchbay.tck.view.TestSubnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Modes with a fault each: the contract finds it, by the test that is there for it, and says what is wrong. */
class PlantedFaultsTest {
  private static final String PURE = "equalViewsGetEqualAnswers";

  @Test
  void theSoundOneIsFoundSound() {
    assertThat(failures(ModeUnderTest.of(new Stocked()))).isEmpty();
  }

  private static Answer<List<AddressRequest>> marked(String mark) {
    return Answer.of(List.of(AddressRequest.fromChosenLane(AddressFamily.IPV4)
        .withDetails(Fields.empty().with("mark", mark))));
  }

  @Test
  void findsAClock() {
    assertFound(new Stocked() {
      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return marked(String.valueOf(System.nanoTime()));
      }
    }, PURE, "addresses, asked twice");
  }

  @Test
  void findsACounter() {
    assertFound(new Stocked() {
      private int count;

      @Override
      public Answer<EniPlan> plan(NodeView node) {
        return Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true).withPriority(count++)));
      }
    }, PURE, "lanes, asked twice");
  }

  @Test
  void findsWhoGoesByIdentity() {
    assertFound(new Stocked() {
      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return marked(String.valueOf(System.identityHashCode(attachment.pod())));
      }
    }, PURE, "asked twice");
  }

  @Test
  void findsWhoGoesByTheOrderOfAMap() {
    assertFound(ModeUnderTest.of(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().nodeReads(ObjectKind.POD).needs(
            needs().withNodeObjects(ObjectKind.POD, "get", "list", "watch")).build();
      }

      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return marked(attachment.pod().object().orElseThrow().labels().keySet().stream().findFirst().orElse(""));
      }
    }).withPod(TestPod.named("labelled").withLabel("a", "1").withLabel("b", "2")), PURE, "another order");
  }

  @Test
  void findsAMemory() {
    assertFound(new Stocked() {
      @Override
      public dev.patchbay.spi.NetworkMode create(dev.patchbay.spi.ModeContext context) {
        return new Stocked() {
          private String first = "";

          @Override
          public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
            if (first.isEmpty()) {
              first = attachment.pod().name();
            }
            return marked(first);
          }
        };
      }
    }, PURE, "another order");
  }

  @Test
  void findsWhoReadsWhatItDidNotDeclare() {
    assertFound(new Stocked() {
      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return marked(String.valueOf(attachment.node().objects().list(ObjectKind.NODE).size()));
      }
    }, PURE, "reads nodes");
  }

  @Test
  void findsWhoIsSlowOnAFullNode() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().nodeReads(ObjectKind.POD).needs(
            needs().withNodeObjects(ObjectKind.POD, "get", "list", "watch")).build();
      }

      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        long twins = attachment.node().objects().list(ObjectKind.POD).stream()
            .filter(o -> o.ref().name().equals("twin")).count();
        return marked(String.valueOf(twins));
      }
    }, "anAttachmentIsPlannedFromNoMoreWithManyPods", "1,000 pods");
  }

  @Test
  void findsAnAddressFromAForeignLane() {
    assertFound(new Stocked() {
      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return Answer.of(List.of(AddressRequest.from("others", AddressFamily.IPV4)));
      }
    }, "itAsksForAddressesFromItsLanes", "others");
  }

  @Test
  void findsASupplyOfALaneThatIsNotThere() {
    assertFound(new Stocked() {
      @Override
      public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
        AddressSource stock = AddressSource.stock(List.of(Unit.SINGLE), Targets.none());
        return Answer.of(AddressPlan.of(new AddressPlan.Supply(Lane.DEFAULT, AddressFamily.IPV4, stock),
            new AddressPlan.Supply("others", AddressFamily.IPV4, stock)));
      }
    }, "itSuppliesLanesThatAreThere", "others");
  }

  @Test
  void findsASupplyOfAForeignFamily() {
    assertFound(new Stocked() {
      @Override
      public Answer<AddressPlan> plan(NodeView node, EniPlan lanes) {
        return Answer.of(AddressPlan.of(
            new AddressPlan.Supply(Lane.DEFAULT, AddressFamily.IPV4, AddressSource.stock(List.of(Unit.SINGLE), Targets.none())),
            new AddressPlan.Supply(Lane.DEFAULT, AddressFamily.IPV6, AddressSource.delegated(80))));
      }
    }, "itSuppliesLanesThatAreThere", "IPV6");
  }

  @Test
  void findsAMissingAction() {
    assertFound(new Stocked() {
      @Override
      Needs needs() {
        return Needs.none().withNodeActions("AssignPrivateIpAddresses", "UnassignPrivateIpAddresses",
            "DescribeNetworkInterfaces").withKernelFeatures("veth", "nftables").withSysctls("net.ipv4.ip_forward=1");
      }
    }, "itNeedsTheActionsForItsLanes", "CreateNetworkInterface");
  }

  @Test
  void findsWhoThrowsOnAnInstanceThatDoesNotSuitIt() {
    assertFound(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        if (!node.instanceType().prefixes()) {
          throw new IllegalStateException("no prefixes");
        }
        return super.plan(node);
      }
    }, "itAnswersOnAnyNode", "no prefixes");
  }

  @Test
  void findsABaseThatPasses() {
    assertFound(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        return Answer.pass();
      }
    }, "itAnswersOnAnyNode", "must not pass");
  }

  @Test
  void findsWhoRefusesWithoutWords() {
    assertFound(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        return node.instanceType().trunking() ? super.plan(node)
            : Answer.refuse(Codes.INSTANCE_TYPE_UNSUITABLE, "The type carries no trunk.", "");
      }
    }, "itAnswersOnAnyNode", "remedy");
  }

  @Test
  void findsABaseWithoutDefaultLane() {
    assertFound(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        return Answer.of(EniPlan.of(Lane.named("pods").withPrimary(true)));
      }
    }, "theDefaultLaneIsTheBases", "default");
  }

  @Test
  void findsLanesThatDoNotFit() {
    assertFound(new Stocked() {
      @Override
      public Answer<EniPlan> plan(NodeView node) {
        return Answer.of(EniPlan.of(Lane.named(Lane.DEFAULT).withPrimary(true), Lane.named("second").withPrimary(true)));
      }
    }, "lanesFitTogether", "primary");
  }

  @Test
  void findsWhoNeverPlansAPod() {
    assertFound(new Stocked() {
      @Override
      public Answer<List<AddressRequest>> addresses(AttachmentView attachment) {
        return Answer.refuse(Codes.POD_INVALID, "No pod is good enough.", "Give up hope.");
      }
    }, "itPlansOneOfThePodsItIsTriedWith", "withPod");
  }

  @Test
  void findsASettingWithoutARange() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().setting(Setting.number("some", "Some number.", Long.MIN_VALUE, Long.MAX_VALUE)).build();
      }
    }, "itsSettingsAreDocumentedWithRanges", "some");
  }

  @Test
  void findsADefaultOutOfRange() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().setting(Setting.number("some", "Some number.", 1, 5).withDefault(0)).build();
      }
    }, "itsSettingsAreDocumentedWithRanges", "default of some");
  }

  @Test
  void findsASettingThatBreaksTheMode() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().setting(Setting.number("divisor", "Divides everything.", 0, 5).withDefault(1)).build();
      }

      @Override
      public dev.patchbay.spi.NetworkMode create(dev.patchbay.spi.ModeContext context) {
        long share = 10 / context.settings().number("divisor").orElse(1);
        assertThat(share).isPositive();
        return this;
      }
    }, "itTakesSettingsAtTheirBounds", "divisor = 0");
  }

  @Test
  void findsRolesWithoutPlanners() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().role(Role.extra(Role.WhenUnreadable.PASS)).build();
      }
    }, "itHasThePlannersOfItsRoles", "extra planner");
  }

  @Test
  void findsReadingWithoutARule() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().nodeReads(ObjectKind.NAMESPACE).build();
      }
    }, "itNeedsTheRulesForWhatItReads", "namespaces");
  }

  @Test
  void findsACrdThatIsNotThere() {
    assertFound(new Stocked() {
      @Override
      Needs needs() {
        return super.needs().withCrd("/crds/nowhere.yaml");
      }
    }, "itsNeedsAreWellFormed", "nowhere.yaml");
  }

  @Test
  void findsAClaimBeyondItsRole() {
    assertFound(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().role(Role.claim(Role.WhenUnreadable.PASS, AddressFamily.IPV4)).build();
      }

      @Override
      public Optional<PodClaim> podClaim() {
        return Optional.of(attachment -> Answer.of(Set.of(AddressFamily.IPV4, AddressFamily.IPV6)));
      }
    }, "itClaimsAndChoosesWithinItsRole", "IPV6");
  }

  @Test
  void findsWritingWithoutARule() {
    ObjectRef ref = new ObjectRef(ObjectKind.NODE, "", "node-1");
    assertFound(new Stocked() {
      @Override
      public Optional<ObjectPlanner> objectPlanner() {
        return Optional.of(new ObjectPlanner() {
          @Override
          public Answer<ObjectPlan> node(NodeView node) {
            return Answer.of(ObjectPlan.empty().withPatch(ref, "", Fields.empty()));
          }
        });
      }
    }, "itMayWriteWhatItWrites", "patch");
  }

  /** A mode that is its cluster side alone. */

  private static ModeUnderTest clusterSide(ClusterPlanner planner) {
    return ModeUnderTest.of(new Stocked() {
      @Override
      public ModeDescriptor descriptor() {
        return described().needs(needs().withClusterActions("CreateNetworkInterface", "CreateTags",
            "DescribeNetworkInterfaces", "AssociateTrunkInterface", "DeleteNetworkInterface", "ModifyNetworkInterfaceAttribute")).build();
      }

      @Override
      public Optional<ClusterPlanner> clusterPlanner() {
        return Optional.of(planner);
      }
    }).withCluster(TestCluster.create().withNode("a", TestNode.create())
        .withEni("a", TestCluster.Eni.of(TestEni.numbered(5, TestSubnet.numbered(1)))));
  }

  private record Planner(ClusterPlan plan) implements ClusterPlanner {
    @Override
    public Answer<ClusterPlan> plan(ClusterView cluster, String key) {
      return key.equals("gone") || cluster.enis().isEmpty() ? Answer.pass() : Answer.of(plan);
    }

    @Override
    public List<String> keys(ClusterView cluster) {
      return List.of("x");
    }
  }

  private static ClusterPlan.DesiredEni branch(String key, int vlan) {
    return new ClusterPlan.DesiredEni(key, "branch", "a", SubnetChoice.ofNode(), GroupChoice.ofPrimary(), Optional.of(vlan),
        Map.of());
  }

  @Test
  void findsAnInterfaceTakenOverTwice() {
    String id = TestEni.numbered(5, TestSubnet.numbered(1)).id();
    assertFound(clusterSide(new Planner(ClusterPlan.empty().withEni(branch("a", 7).takenFrom(id)).withEni(branch("b", 8).takenFrom(id)))),
        "itsClusterPlansCanBeDone", "take " + id + " over");
  }

  @Test
  void findsAVlanGivenTwice() {
    assertFound(clusterSide(new Planner(ClusterPlan.empty().withEni(branch("a", 7)).withEni(branch("b", 7)))),
        "itsClusterPlansCanBeDone", "given twice");
  }

  @Test
  void findsARemovalOfWhatIsUsedOrNotThere() {
    String used = TestEni.numbered(5, TestSubnet.numbered(1)).id();
    assertFound(clusterSide(new Planner(ClusterPlan.empty().withRemoval(used, "It looked unused to me."))),
        "itsClusterPlansCanBeDone", "available");
    assertFound(clusterSide(new Planner(ClusterPlan.empty().withRemoval("eni-nowhere", "It looked unused to me."))),
        "itsClusterPlansCanBeDone", "eni-nowhere");
  }

  @Test
  void findsAPlanForThePast() {
    assertFound(clusterSide(new Planner(ClusterPlan.empty().again(1))), "itsClusterPlansCanBeDone", "again");
  }

  @Test
  void findsAValidatingRuleThatChanges() {
    assertFound(ModeUnderTest.of(new Stocked() {
      @Override
      public Optional<AdmissionPlanner> admissionPlanner() {
        return Optional.of(new AdmissionPlanner() {
          @Override
          public List<Rule> rules() {
            return List.of(new Rule("guard", ObjectKind.POD, Set.of("CREATE"), false, true));
          }

          @Override
          public AdmissionDecision decide(String rule, Request request, ObjectsView objects) {
            return AdmissionDecision.patch(Fields.empty().with("operations",
                List.of(Fields.empty().with("op", "remove").with("path", "/spec"))));
          }
        });
      }
    }), "itDecidesOnAdmission", "changes objects");
  }

  @Test
  void findsWhatCanNotStandInConfiguration() {
    assertFound(new Stocked() {
      @Override
      public String id() {
        return "Stocked Mode";
      }
    }, "itsNameCanStandInConfiguration", "Stocked Mode");
  }
}
