/* patchbay-cni: what the container runtime calls for every pod. A courier: it carries the request to the node's daemon
 * over a unix socket, with the pod's network namespace as an open descriptor, runs delegate plugins for the daemon in
 * the meantime, and prints the answer. It knows nothing of networks; everything else is in the daemon.
 *
 * Its duties of its own: VERSION, and a proper CNI answer when no daemon can give one (CNI specification 1.1.0, sections
 * 2 and 5). The frames are described in docs/protocol.md. */
#define _GNU_SOURCE
#include "delegate.h"
#include "json.h"
#include "note.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifndef PATCHBAY_VERSION
#define PATCHBAY_VERSION "0.1.0"
#endif
#define DEFAULT_SOCKET "/run/patchbay/cni.sock"
#define NEWEST_CNI_VERSION "1.1.0"
#define CNI_VERSIONS "\"0.1.0\",\"0.2.0\",\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\""

enum {
    MAX_STDIN = 4 * 1024 * 1024,
    /* Kubelet gives a runtime request 2 minutes (runtimeRequestTimeout): with less we still say ourselves what is wrong. */
    DEFAULT_TIMEOUT_S = 110,
    MAX_TIMEOUT_S = 24 * 3600
};

/* CNI error codes, specification 1.1.0 section 5. */
enum { ENVIRONMENT = 4, IO_FAILURE = 5, DECODING_FAILURE = 6, INVALID_CONFIGURATION = 7, TRY_AGAIN = 11, NOT_AVAILABLE = 50 };

struct call {
    const char *command;
    char cni_version[32]; /* what errors are written in */
    char socket[sizeof(((struct sockaddr_un *)0)->sun_path)];
    struct buffer input;
    int64_t deadline;
    uint32_t timeout_s;
    uint64_t started; /* milliseconds since 1970, for people to read */
    uint64_t uptime;  /* the same by the clock that nobody sets, in milliseconds */
};

static void put(int file, const void *data, size_t length, bool *good) {
    const char *from = data;
    while (length > 0) {
        ssize_t count = write(file, from, length);
        if (count >= 0) {
            from += count;
            length -= (size_t)count;
        } else if (errno == EAGAIN) {
            struct pollfd ready = {.fd = file, .events = POLLOUT};
            poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            *good = false;
            return;
        }
    }
}

/* Prints a CNI error object and returns the exit code. */
static int print_error(const char *cni_version, unsigned code, const char *message, size_t message_length, const char *details,
                       size_t details_length) {
    struct buffer text = {0};
    char number[16];
    bool good = true;
    int digits = snprintf(number, sizeof number, "%u", code);
    buffer_add(&text, "{\"cniVersion\":", 14);
    json_quote(&text, cni_version, strlen(cni_version));
    buffer_add(&text, ",\"code\":", 8);
    buffer_add(&text, number, (size_t)digits);
    buffer_add(&text, ",\"msg\":", 7);
    json_quote(&text, message, message_length);
    if (details_length > 0) {
        buffer_add(&text, ",\"details\":", 11);
        json_quote(&text, details, details_length);
    }
    buffer_add(&text, "}\n", 2);
    put(STDOUT_FILENO, text.data, text.length, &good);
    free(text.data);
    return 1;
}

static int fail(const struct call *call, unsigned code, const char *details, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static int fail(const struct call *call, unsigned code, const char *details, const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return print_error(call->cni_version, code, message, strlen(message), details, details == NULL ? 0 : strlen(details));
}

static bool is(const char *text, const char *expected) { return strcmp(text, expected) == 0; }

/* Descriptors 0 to 2 exist from here on, so that none of ours takes their place. */
static void open_standard_files(void) {
    int file;
    do
        file = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (file >= 0 && file <= STDERR_FILENO);
    if (file > STDERR_FILENO)
        close(file);
}

static uint32_t timeout_seconds(void) {
    const char *text = getenv("PATCHBAY_TIMEOUT");
    char *end;
    if (text == NULL || *text < '0' || *text > '9')
        return DEFAULT_TIMEOUT_S;
    errno = 0;
    long seconds = strtol(text, &end, 10);
    return errno != 0 || *end != 0 || seconds < 1 || seconds > MAX_TIMEOUT_S ? DEFAULT_TIMEOUT_S : (uint32_t)seconds;
}

/* Reads all of stdin; -1 or the exit code of a failure. */
static int read_input(struct call *call) {
    for (;;) {
        char chunk[65536];
        struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
        int count = poll(&ready, 1, remaining_ms(call->deadline));
        if (count == 0)
            return fail(call, IO_FAILURE, NULL, "reading stdin: no end of it within %u s", call->timeout_s);
        ssize_t length = count < 0 ? -1 : read(STDIN_FILENO, chunk, sizeof chunk);
        if (length < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (length < 0)
            return fail(call, IO_FAILURE, NULL, "reading stdin: %s", strerror(errno));
        if (length == 0)
            return -1;
        if (call->input.length + (size_t)length > MAX_STDIN)
            return fail(call, IO_FAILURE, NULL, "reading stdin: it is longer than %d bytes", MAX_STDIN);
        buffer_add(&call->input, chunk, (size_t)length);
    }
}

static bool needs_attachment(const char *command) { return is(command, "ADD") || is(command, "CHECK") || is(command, "DEL"); }

/* The names of required variables that are missing, as libcni writes them; empty when none is. */
static void missing_variables(const struct call *call, char *names, size_t size) {
    static const char *const variables[] = {"CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"};
    names[0] = 0;
    for (size_t i = 0; i < 3 && needs_attachment(call->command); i++) {
        const char *value = getenv(variables[i]);
        if ((value == NULL || *value == 0) && !(i == 1 && is(call->command, "DEL")))
            snprintf(names + strlen(names), size - strlen(names), "%s%s", names[0] == 0 ? "" : ",", variables[i]);
    }
}

/* Finds the socket and the version in stdin; -1 or the exit code of a failure. */
static int read_configuration(struct call *call) {
    struct json_key keys[] = {{.name = "socket"}, {.name = "cniVersion"}};
    const char *why;
    size_t where;
    bool good = json_scan((const char *)call->input.data, call->input.length, keys, 2, &why, &where);
    int result = -1;
    if (!good) {
        /* Environment comes before decoding in the order of libcni's checks. */
        char missing[64];
        missing_variables(call, missing, sizeof missing);
        result = missing[0] != 0 ? fail(call, ENVIRONMENT, NULL, "required env variables [%s] missing", missing)
                                 : fail(call, DECODING_FAILURE, NULL, "the network configuration on stdin is no JSON object: %s, at byte %zu",
                                        why, where);
    } else {
        if (keys[1].kind == JSON_ABSENT)
            snprintf(call->cni_version, sizeof call->cni_version, "0.1.0"); /* what its absence means */
        else if (keys[1].kind == JSON_STRING && keys[1].length > 0 && keys[1].length < sizeof call->cni_version)
            snprintf(call->cni_version, sizeof call->cni_version, "%s", keys[1].text);
        if (keys[0].kind == JSON_ABSENT)
            snprintf(call->socket, sizeof call->socket, "%s", DEFAULT_SOCKET);
        else if (keys[0].kind == JSON_OTHER || keys[0].text[0] != '/' || strlen(keys[0].text) != keys[0].length)
            result = fail(call, INVALID_CONFIGURATION, NULL, "\"socket\" in the network configuration must be an absolute path");
        else if (keys[0].length >= sizeof call->socket)
            result = fail(call, INVALID_CONFIGURATION, NULL, "\"socket\" in the network configuration is longer than %zu bytes, the limit for a unix socket",
                          sizeof call->socket - 1);
        else
            memcpy(call->socket, keys[0].text, keys[0].length + 1);
    }
    free(keys[0].text);
    free(keys[1].text);
    return result;
}

extern char **environ;

/* Whether the variable goes to the daemon. Of two with one name the first counts, as for getenv. */
static bool carried(char *const *variable) {
    static const char *const names[] = {"CNI_", "TRACEPARENT=", "TRACESTATE=", "BAGGAGE="};
    const char *equals = strchr(*variable, '=');
    bool wanted = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        wanted = wanted || strncmp(*variable, names[i], strlen(names[i])) == 0;
    if (!wanted || equals == NULL)
        return false;
    for (char *const *earlier = environ; earlier != variable; earlier++)
        if (strncmp(*earlier, *variable, (size_t)(equals - *variable) + 1) == 0)
            return false;
    return true;
}

/* When a DEL came, by the clock that nobody sets, and in which boot. Without /proc the daemon has the wall clock's time alone. */
static void add_uptime(const struct call *call, struct buffer *frame) {
    char boot[36];
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    if (read(file, boot, sizeof boot) == (ssize_t)sizeof boot) {
        frame_u64(frame, FIELD_UPTIME, call->uptime);
        frame_bytes(frame, FIELD_BOOT, boot, sizeof boot);
    }
    close(file);
}

/* netns: 0 descriptor attached, an errno, or -1 when there is none to open. */
static bool build_request(const struct call *call, struct buffer *frame, int netns) {
    frame_begin(frame, FRAME_REQUEST);
    frame_u8(frame, FIELD_OLDEST, WIRE_OLDEST);
    frame_u8(frame, FIELD_NEWEST, WIRE_NEWEST);
    frame_u64(frame, FIELD_STARTED, call->started);
    if (is(call->command, "DEL"))
        add_uptime(call, frame);
    frame_u32(frame, FIELD_LIMIT, (uint32_t)remaining_ms(call->deadline));
    if (netns >= 0)
        frame_u32(frame, FIELD_NETNS, (uint32_t)netns);
    for (char **variable = environ; *variable != NULL; variable++)
        if (carried(variable))
            frame_bytes(frame, FIELD_ENVIRONMENT, *variable, strlen(*variable));
    frame_bytes(frame, FIELD_STDIN, call->input.data, call->input.length);
    return frame_end(frame);
}

/* A connected socket, or -1 with errno. */
static int connect_daemon(const struct call *call) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, call->socket, sizeof address.sun_path);
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0)
        return -1;
    int left = remaining_ms(call->deadline);
    struct timeval patience = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 + 1};
    /* Only connect ever waits by this: for room in the daemon's backlog (unix(7), connect(2)). */
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    while (connect(file, (struct sockaddr *)&address, sizeof address) != 0) {
        int why = errno;
        if (why == EINTR && remaining_ms(call->deadline) > 0)
            continue;
        close(file);
        errno = why;
        return -1;
    }
    return file;
}

enum exchange { ANSWERED, AWAY, GARBAGE };

/* Prints what an ANSWER frame holds. */
static enum exchange take_answer(const struct frame *frame, int *exit_code, char *why, size_t why_size) {
    struct span out = {0}, err = {0}, value;
    uint32_t code = 0;
    size_t at = 0;
    uint16_t tag;
    bool broken = false, complete = false, good = true;
    while (field_next(frame, &at, &tag, &value, &broken)) {
        if (tag == FIELD_STDOUT)
            out = value;
        else if (tag == FIELD_STDERR)
            err = value;
        else if (tag == FIELD_EXIT)
            complete = span_u32(&value, &code) && code <= 255;
    }
    if (broken || !complete) {
        snprintf(why, why_size, "a field of its answer is missing or cut off");
        return GARBAGE;
    }
    put(STDERR_FILENO, err.data, err.length, &good);
    good = true; /* nobody reads stderr: no harm */
    put(STDOUT_FILENO, out.data, out.length, &good);
    *exit_code = good ? (int)code : 1;
    return ANSWERED;
}

static enum exchange take_refusal(const struct call *call, const struct frame *frame, int *exit_code, char *why, size_t why_size) {
    struct span message = {0}, details = {0}, value;
    uint32_t code = 0;
    size_t at = 0;
    uint16_t tag;
    bool broken = false, complete = false;
    while (field_next(frame, &at, &tag, &value, &broken)) {
        if (tag == FIELD_MESSAGE)
            message = value;
        else if (tag == FIELD_DETAILS)
            details = value;
        else if (tag == FIELD_CODE)
            complete = span_u32(&value, &code) && code > 0;
    }
    if (broken || !complete || !message.present) {
        snprintf(why, why_size, "a field of its refusal is missing or cut off");
        return GARBAGE;
    }
    *exit_code = print_error(call->cni_version, code, (const char *)message.data, message.length, (const char *)details.data,
                             details.length);
    return ANSWERED;
}

/* Sends the request and serves the daemon's frames until it has answered. */
static enum exchange converse(const struct call *call, int daemon, const struct buffer *request, int netns, int *exit_code, char *why,
                              size_t why_size) {
    struct buffer reply = {0};
    enum exchange result = GARBAGE;
    /* When sending fails the daemon may have said why before it hung up: read on in any case. */
    if (!frame_send(daemon, request, netns, call->deadline) && errno != EPIPE && errno != ECONNRESET) {
        snprintf(why, why_size, errno == ETIMEDOUT ? "it did not take the request in time" : "sending the request to it failed: %s",
                 strerror(errno));
        return AWAY;
    }
    bool more = true;
    while (more) {
        struct frame frame = {0};
        const char *broken = NULL;
        enum receive_result received = frame_receive(daemon, &frame, call->deadline, why, why_size);
        more = false;
        if (received != RECEIVED)
            result = received == RECEIVE_GARBAGE ? GARBAGE : AWAY;
        else if (frame.type == FRAME_ANSWER)
            result = take_answer(&frame, exit_code, why, why_size);
        else if (frame.type == FRAME_REFUSAL)
            result = take_refusal(call, &frame, exit_code, why, why_size);
        else if (frame.type == FRAME_RUN) {
            if (delegate_run(daemon, &frame, &reply, call->deadline, &broken))
                (void)frame_send(daemon, &reply, -1, call->deadline); /* a failure shows when we read on */
            more = broken == NULL;
            if (broken != NULL)
                snprintf(why, why_size, "%s", broken);
        } else
            snprintf(why, why_size, "it sent a frame of type %d, which may not stand here", (int)frame.type);
        free(frame.body);
    }
    free(reply.data);
    return result;
}

/* For a call that the daemon makes itself: goes where the container runtime runs plugins. The socket is as the daemon sees it, so it
 * is open before. */
static bool enter_mounts(char *why, size_t why_size) {
    const char *path = getenv("PATCHBAY_MOUNTS");
    if (path == NULL || *path == 0)
        return true;
    int mounts = open(path, O_RDONLY | O_CLOEXEC);
    bool entered = mounts >= 0 && setns(mounts, CLONE_NEWNS) == 0;
    if (!entered)
        snprintf(why, why_size, "entering the mounts %s failed: %s", path, strerror(errno));
    if (mounts >= 0)
        close(mounts);
    return entered;
}

/* One attempt to have the daemon do it. */
static enum exchange ask_daemon(const struct call *call, int *exit_code, char *why, size_t why_size) {
    struct buffer request = {0};
    int netns = -1, failed = -1;
    const char *path = getenv("CNI_NETNS");
    int daemon = connect_daemon(call);
    if (daemon < 0) {
        snprintf(why, why_size, "%s", strerror(errno));
        return AWAY;
    }
    if (!enter_mounts(why, why_size)) {
        close(daemon);
        return AWAY;
    }
    if (needs_attachment(call->command) && path != NULL && *path != 0) {
        /* O_NONBLOCK: a pipe in its place must not hold us. */
        netns = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        failed = netns >= 0 ? 0 : errno;
    }
    enum exchange result = ANSWERED;
    if (build_request(call, &request, failed))
        result = converse(call, daemon, &request, netns, exit_code, why, why_size);
    else
        *exit_code = fail(call, ENVIRONMENT, NULL, "the CNI variables and the network configuration together are longer than %d bytes", WIRE_MAX_FRAME);
    free(request.data);
    if (netns >= 0)
        close(netns);
    close(daemon);
    return result;
}

/* DEL must not be lost with the daemon away: a note for its next start, or an error so that the runtime repeats it. */
static int delete_later(const struct call *call, const char *why) {
    struct buffer frame = {0};
    char missing[64], path[PATH_MAX] = "", again[512];
    const char *step = "";
    int exit_code = 0;
    missing_variables(call, missing, sizeof missing);
    if (missing[0] != 0)
        return fail(call, ENVIRONMENT, NULL, "required env variables [%s] missing", missing);
    if (!build_request(call, &frame, -1) ||
        !note_write(call->socket, getenv("CNI_CONTAINERID"), getenv("CNI_IFNAME"), &frame, path, sizeof path, &step)) {
        exit_code = fail(call, TRY_AGAIN, why, "the Patchbay daemon at %s does not answer, and the DEL cannot be kept for later: %s %s: %s",
                         call->socket, step, path, strerror(errno));
    } else {
        /* The daemon listens first and collects notes then. Had it come up between our attempt and the note, it could miss
         * the note; so whoever wrote one knocks again. */
        int second_code = 0;
        if (ask_daemon(call, &second_code, again, sizeof again) == ANSWERED) {
            unlink(path);
            exit_code = second_code;
        }
    }
    free(frame.data);
    return exit_code;
}

static int carry(struct call *call) {
    char why[512], details[1024];
    int exit_code = 1;
    switch (ask_daemon(call, &exit_code, why, sizeof why)) {
    case ANSWERED:
        return exit_code;
    case GARBAGE:
        return fail(call, IO_FAILURE, why, "what answers at %s does not speak this executable's protocol: is the installed patchbay-cni that of the running daemon?",
                    call->socket);
    case AWAY:
    default:
        break;
    }
    snprintf(details, sizeof details, "%s", why);
    if (is(call->command, "DEL"))
        return delete_later(call, details);
    return fail(call, is(call->command, "STATUS") ? NOT_AVAILABLE : TRY_AGAIN, details,
                "the Patchbay daemon at %s does not answer: check that it runs on this node, and that \"socket\" in the CNI configuration names its socket",
                call->socket);
}

int main(void) {
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    struct call call = {.command = getenv("CNI_COMMAND"),
                        .cni_version = NEWEST_CNI_VERSION,
                        .timeout_s = timeout_seconds(),
                        .started = (uint64_t)wall.tv_sec * 1000 + (uint64_t)wall.tv_nsec / 1000000,
                        .uptime = (uint64_t)now_ms()};
    call.deadline = now_ms() + (int64_t)call.timeout_s * 1000;
    open_standard_files();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* ignored by a careless parent it would swallow the delegate's exit code */
    delegate_watch_signals();

    if (call.command == NULL || *call.command == 0) {
        static const char about[] = "patchbay-cni " PATCHBAY_VERSION ": native VPC addresses for pods, given by the Patchbay daemon of this node\n"
                                    "CNI protocol versions supported: 0.1.0, 0.2.0, 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0\n";
        bool ignored = true;
        put(STDERR_FILENO, about, sizeof about - 1, &ignored);
        return 0;
    }
    if (is(call.command, "VERSION")) {
        static const char versions[] = "{\"cniVersion\":\"" NEWEST_CNI_VERSION "\",\"supportedVersions\":[" CNI_VERSIONS "]}\n";
        bool good = true;
        put(STDOUT_FILENO, versions, sizeof versions - 1, &good);
        return good ? 0 : 1;
    }
    if (!needs_attachment(call.command) && !is(call.command, "GC") && !is(call.command, "STATUS"))
        return fail(&call, ENVIRONMENT, NULL, "unknown CNI_COMMAND: %.200s", call.command);

    int exit_code = read_input(&call);
    if (exit_code < 0)
        exit_code = read_configuration(&call);
    if (exit_code < 0)
        exit_code = carry(&call);
    free(call.input.data);
    return exit_code;
}
