package dev.patchbay.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * Marks a type that the runtime implements and modes call. It may get new methods at any minor version: a mode must not
 * implement it outside its tests, where {@code dev.patchbay.tck} has ready-made ones.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public @interface ImplementedByRuntime {}
