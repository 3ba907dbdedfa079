package dev.patchbay.lab.ec2;

import dev.patchbay.lab.vpc.VpcState;
import java.time.Duration;
import java.util.Optional;

/**
 * Under which an action is carried out.
 *
 * @param seen the state that reads are to see
 * @param settling how long what it starts is to take, if that was said
 */
record Circumstances(VpcState seen, Optional<Duration> settling) {}
