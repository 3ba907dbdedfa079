package dev.patchbay.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patchbay.tck.synthetic.SyntheticModes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The modes that were compiled against the SPI's baseline run unchanged against today's SPI, and keep today's contract. */
class BaselineModesTest {
  private static final Path BASELINE = Path.of(System.getProperty("basedir", "."), "..", "spi", "baseline", "modes.jar");

  /** Defines the synthetic modes from the baseline's class files; all else is today's. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes = new TreeMap<>();

    private Loader() {
      super(ModeContract.class.getClassLoader());
      try (InputStream file = Files.newInputStream(BASELINE); ZipInputStream zip = new ZipInputStream(file)) {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          zip.transferTo(bytes);
          classes.put(entry.getName(), bytes.toByteArray());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] bytes = classes.get(name.replace('.', '/') + ".class");
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return bytes == null ? super.loadClass(name, resolve) : defineClass(name, bytes, 0, bytes.length);
      }
    }
  }

  private static List<ModeUnderTest> modes() throws ReflectiveOperationException {
    Class<?> factory = new Loader().loadClass(SyntheticModes.class.getName());
    assertThat(factory).as("the baseline's own").isNotSameAs(SyntheticModes.class);
    return ((List<?>) factory.getMethod("all").invoke(null)).stream().map(ModeUnderTest.class::cast).toList();
  }

  @Test
  void theBaselineUsesTheSpiInEveryWay() throws ReflectiveOperationException {
    assertThat(modes()).hasSizeGreaterThanOrEqualTo(13)
        .allSatisfy(mode -> assertThat(mode.provider().getClass().getClassLoader()).isInstanceOf(Loader.class));
  }

  @TestFactory
  Stream<DynamicContainer> modesOfTheBaselineKeepTheContract() throws ReflectiveOperationException {
    return modes().stream().map(Contracts::of);
  }
}
