package dev.patchbay.core.brain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.spi.Fields;
import dev.patchbay.spi.datapath.DatapathPlan;
import dev.patchbay.spi.datapath.Device;
import dev.patchbay.spi.datapath.PlanElement;
import dev.patchbay.spi.datapath.ReturnPath;
import dev.patchbay.spi.datapath.Route;
import dev.patchbay.spi.datapath.Space;
import dev.patchbay.spi.datapath.Sysctl;
import dev.patchbay.spi.datapath.Table;
import dev.patchbay.spi.net.Cidr;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DescribedTest {
  private static final Sysctl PLAIN = Sysctl.of(Space.HOST, "net.ipv4.ip_forward", "1");
  private static final ReturnPath PRIMARY = ReturnPath.of("eni-1");

  @Test
  void whatNamesAnInterfaceThatIsNotThereIsLeftOutWhereverItNamesIt() {
    DatapathPlan plan = DatapathPlan.of(
        PLAIN,
        PRIMARY,
        ReturnPath.of("eni-2"),
        Sysctl.of(Space.HOST, "net.ipv4.conf.DEVICE.rp_filter", "2").withDevice(Device.ofEni("eni-2")),
        Route.to(Space.HOST, Table.ofEni("eni-2"), Cidr.of("10.9.0.0/16"), Device.ofEni("eni-1")),
        // Of a newer version: looked through alike.
        PlanElement.of("novelty", Fields.empty().with("list", List.of(Fields.empty().with("eni", "eni-2")))));
    assertThat(Described.part(plan, Set.of("eni-1"))).isEqualTo(DatapathPlan.of(PLAIN, PRIMARY));
    assertThat(Described.part(plan, Set.of("eni-1", "eni-2"))).isEqualTo(plan);
  }
}
