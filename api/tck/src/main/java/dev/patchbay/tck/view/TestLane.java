package dev.patchbay.tck.view;

import dev.patchbay.spi.eni.LaneOrigin;
import dev.patchbay.spi.net.AddressFamily;
import dev.patchbay.spi.view.EniView;
import dev.patchbay.spi.view.LaneView;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A lane on the node. It counts the same for both families.
 *
 * @param name its name
 * @param origin what defines it
 * @param enis its interfaces
 * @param held the addresses that pods hold
 * @param free the addresses that could be given out
 * @param cooling the addresses that cool down
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TestLane(String name, LaneOrigin origin, List<EniView> enis, int held, int free, int cooling)
    implements LaneView {
  /**
   * Copies the list.
   */
  public TestLane {
    enis = List.copyOf(enis);
  }

  @Override
  public int held(AddressFamily family) {
    return held;
  }

  @Override
  public int free(AddressFamily family) {
    return free;
  }

  @Override
  public int cooling(AddressFamily family) {
    return cooling;
  }
}
