/* Gives a process of the lab a wall clock of its own, which the lab steps while it runs: preloaded (ld.so(8), LD_PRELOAD) into a
 * node's daemon, and into nothing else. The variable PATCHBAY_LAB_CLOCK names a file whose first 8 bytes say by how many
 * milliseconds its clock is ahead of the machine's. CLOCK_MONOTONIC and its like are left alone, as settimeofday(2) leaves them.
 *
 * What waits until a time of the wall clock (pthread_cond_timedwait with CLOCK_REALTIME, timerfd) waits by the machine's. The JVM
 * waits by CLOCK_MONOTONIC, but for LockSupport.parkUntil, which the daemon does not use. Debian's libfaketime can't be used in its
 * place: with it, timed waits of a JVM return at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <dlfcn.h>

typedef int gettime(clockid_t, struct timespec *);

static gettime *machine;
static const volatile int64_t *ahead;

static int by_kernel(clockid_t clock, struct timespec *now) { return (int)syscall(SYS_clock_gettime, clock, now); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("PATCHBAY_LAB_CLOCK");
    *(void **)&machine = dlsym(RTLD_NEXT, "clock_gettime");
    if (path == NULL)
        return;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    void *page = mmap(NULL, sizeof *ahead, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        ahead = page;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = machine == NULL ? by_kernel(clock, now) : machine(clock, now);
    if (result != 0 || ahead == NULL || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE && clock != CLOCK_TAI))
        return result;
    int64_t millis = *ahead;
    int64_t nanos = now->tv_nsec + millis % 1000 * 1000000;
    now->tv_sec += millis / 1000 + (nanos < 0 ? -1 : nanos >= 1000000000 ? 1 : 0);
    now->tv_nsec = nanos < 0 ? nanos + 1000000000 : nanos >= 1000000000 ? nanos - 1000000000 : nanos;
    return 0;
}

__attribute__((visibility("default"))) int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0)
        return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

__attribute__((visibility("default"))) time_t time(time_t *also) {
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME_COARSE, &exact) != 0)
        return -1;
    if (also != NULL)
        *also = exact.tv_sec;
    return exact.tv_sec;
}
