#define _GNU_SOURCE
#include "delegate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum outcome { EXITED = 0, SIGNALLED = 1, TIMED_OUT = 2, TOO_MUCH_OUTPUT = 3, NOT_STARTED = 4 };

enum {
    MAX_OUTPUT = 2 * 1024 * 1024, /* of stdout and of stderr each, so that the answer fits into a frame */
    DRAIN_MS = 500                /* for what children of an ended delegate still hold open */
};

struct request {
    uint32_t id, limit_ms, output_limit;
    char *program;
    struct buffer input;
    char **set; /* NAME=value, or NAME to take the variable away */
    size_t set_count;
};

struct child {
    pid_t pid;
    int pidfd, in, out, err;
    struct buffer stdout_bytes, stderr_bytes;
};

static volatile sig_atomic_t running_group;

static void end_with_group(int signal_number) {
    if (running_group > 0)
        kill(-(pid_t)running_group, SIGKILL);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void delegate_watch_signals(void) {
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action = {.sa_handler = end_with_group};
        sigemptyset(&action.sa_mask);
        sigaction(signals[i], &action, NULL);
    }
}

static char *text_of(const struct span *value) {
    char *text = allocate(NULL, value->length + 1);
    memcpy(text, value->data, value->length);
    text[value->length] = 0;
    return text;
}

static const char *read_request(const struct frame *frame, struct request *request) {
    bool broken = false, id = false, limit = false;
    size_t at = 0;
    uint16_t tag;
    struct span value;
    request->output_limit = MAX_OUTPUT;
    while (field_next(frame, &at, &tag, &value, &broken)) {
        switch (tag) {
        case FIELD_RUN_ID:
            id = span_u32(&value, &request->id);
            break;
        case FIELD_LIMIT:
            limit = span_u32(&value, &request->limit_ms);
            break;
        case FIELD_OUTPUT_LIMIT:
            if (!span_u32(&value, &request->output_limit) || request->output_limit > MAX_OUTPUT)
                return "the output limit of a delegate is out of range";
            break;
        case FIELD_PROGRAM:
            if (request->program != NULL || value.length == 0 || memchr(value.data, 0, value.length) != NULL)
                return "the program of a delegate is no name or path";
            request->program = text_of(&value);
            break;
        case FIELD_STDIN:
            request->input.length = 0;
            buffer_add(&request->input, value.data, value.length);
            break;
        case FIELD_ENVIRONMENT:
            if (value.length == 0 || value.data[0] == '=' || memchr(value.data, 0, value.length) != NULL)
                return "a variable of a delegate has no name";
            request->set = allocate(request->set, (request->set_count + 1) * sizeof *request->set);
            request->set[request->set_count++] = text_of(&value);
            break;
        default:
            break; /* a field of a later daemon that we may do without */
        }
    }
    return broken                                    ? "a field of a delegate's frame is cut off"
           : !id || !limit || request->program == NULL ? "a field of a delegate's frame is missing"
                                                       : NULL;
}

static size_t name_length(const char *variable) { return strcspn(variable, "="); }

static const char *variable_of(const struct request *request, const char *variable) {
    size_t length = name_length(variable);
    for (size_t i = 0; i < request->set_count; i++)
        if (name_length(request->set[i]) == length && memcmp(request->set[i], variable, length) == 0)
            return request->set[i];
    return NULL;
}

/* Our own environment with the request's variables in place of those of the same name. */
static char **merged_environment(const struct request *request) {
    size_t own = 0, count = 0;
    while (environ[own] != NULL)
        own++;
    char **merged = allocate(NULL, (own + request->set_count + 1) * sizeof *merged);
    for (size_t i = 0; i < own; i++)
        if (variable_of(request, environ[i]) == NULL)
            merged[count++] = environ[i];
    for (size_t i = 0; i < request->set_count; i++)
        if (strchr(request->set[i], '=') != NULL && variable_of(request, request->set[i]) == request->set[i])
            merged[count++] = request->set[i];
    merged[count] = NULL;
    return merged;
}

/* A path is taken as it is; a name is looked for in CNI_PATH, where the first folder that has it wins (CNI
 * specification 1.1.0, section 4). Found here and not in the daemon, which may see other files. */
static bool find_program(const struct request *request, char *path, size_t size, char *why, size_t why_size) {
    if (strchr(request->program, '/') != NULL) {
        if ((size_t)snprintf(path, size, "%s", request->program) < size)
            return true;
        errno = ENAMETOOLONG;
        snprintf(why, why_size, "the delegate's path is too long");
        return false;
    }
    const char *given = variable_of(request, "CNI_PATH");
    const char *search = given == NULL ? getenv("CNI_PATH") : strchr(given, '=') == NULL ? NULL : strchr(given, '=') + 1;
    for (const char *folder = search; folder != NULL; folder = *folder == 0 ? NULL : folder + 1) {
        size_t length = strcspn(folder, ":");
        struct stat found;
        if (length > 0 && length < PATH_MAX && (size_t)snprintf(path, size, "%.*s/%s", (int)length, folder, request->program) < size &&
            stat(path, &found) == 0 && S_ISREG(found.st_mode))
            return true;
        folder += length;
    }
    errno = ENOENT;
    snprintf(why, why_size, "failed to find plugin \"%s\" in path [%s]", request->program, search == NULL ? "" : search);
    return false;
}

/* In the child: becomes the delegate, or reports why it cannot. */
static _Noreturn void become(int report, const char *path, char **environment) {
    char *arguments[] = {(char *)(uintptr_t)path, NULL};
    /* A file that was just installed may still be open for writing in another process: up to 5 s, as libcni. */
    for (int tries = 0; tries < 50; tries++) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY)
            break;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    int why = errno;
    ssize_t ignored = write(report, &why, sizeof why);
    _exit(ignored > 0 ? 127 : 126);
}

static void close_both(int ends[2]) {
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

/* 0, or why the program could not be started. */
static int start(struct child *child, const char *path, char **environment) {
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, report[2] = {-1, -1};
    pid_t self = getpid();
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || pipe2(report, O_CLOEXEC) != 0 ||
        (child->pid = fork()) < 0) {
        int why = errno;
        close_both(in), close_both(out), close_both(err), close_both(report);
        return why;
    }
    if (child->pid == 0) {
        static const int restored[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE};
        for (size_t i = 0; i < sizeof restored / sizeof *restored; i++)
            signal(restored[i], SIG_DFL);
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* the runtime may kill us at any time, and the delegate must not outlive us */
        if (getppid() != self)
            _exit(126);
        if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0 || dup2(err[1], STDERR_FILENO) < 0)
            _exit(126);
        become(report[1], path, environment);
    }
    setpgid(child->pid, child->pid);
    running_group = child->pid;
    close(in[0]), close(out[1]), close(err[1]), close(report[1]);
    child->in = in[1];
    child->out = out[0];
    child->err = err[0];
    fcntl(child->in, F_SETFL, O_NONBLOCK);
    fcntl(child->out, F_SETFL, O_NONBLOCK);
    fcntl(child->err, F_SETFL, O_NONBLOCK);
    int why = 0;
    ssize_t count;
    do
        count = read(report[0], &why, sizeof why);
    while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count != (ssize_t)sizeof why)
        why = 0;
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0); /* since Linux 5.3; without it we look every 20 ms */
    return why;
}

static void close_end(int *end) {
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* Kills the delegate and its children unless it has ended by itself: what that left behind is meant to stay. */
static int reap(struct child *child, bool exited, int status) {
    if (!exited) {
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
            ;
    }
    running_group = 0;
    close_end(&child->in);
    close_end(&child->out);
    close_end(&child->err);
    close_end(&child->pidfd);
    return status;
}

/* Reads what is there, a bounded share at a time; closes the end at its end. Beyond the limit bytes are dropped, and false
 * tells so. */
static bool drain(int *end, struct buffer *to, size_t limit) {
    char chunk[16384];
    bool within = true;
    for (int rounds = 0; rounds < 16; rounds++) {
        ssize_t count = read(*end, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return within;
        if (count <= 0) {
            close_end(end);
            return within;
        }
        size_t room = limit - to->length, take = (size_t)count < room ? (size_t)count : room;
        buffer_add(to, chunk, take);
        within = within && take == (size_t)count;
    }
    return within;
}

static void feed(int *end, const struct buffer *input, size_t *written) {
    while (*written < input->length) {
        ssize_t count = write(*end, input->data + *written, input->length - *written);
        if (count >= 0)
            *written += (size_t)count;
        else if (errno == EAGAIN)
            return;
        else if (errno != EINTR)
            break; /* EPIPE: it does not want the rest */
    }
    close_end(end);
}

/* Serves the pipes until the delegate has ended. False when the daemon or the deadline of this process cut it short. */
static bool attend(int socket, struct child *child, const struct request *request, int64_t deadline, enum outcome *outcome,
                   uint32_t *value) {
    size_t written = 0;
    int64_t limit = now_ms() + request->limit_ms, drained = INT64_MAX;
    bool exited = false, reply = true;
    int status = 0;
    *outcome = EXITED;
    while (!exited || ((child->out >= 0 || child->err >= 0) && now_ms() < drained)) {
        int64_t until = exited ? drained : limit;
        int wait = remaining_ms(until < deadline ? until : deadline);
        if (child->pidfd < 0 && wait > 20)
            wait = 20;
        struct pollfd ready[] = {{.fd = socket, .events = POLLIN | POLLRDHUP},
                                 {.fd = child->in, .events = POLLOUT},
                                 {.fd = child->out, .events = POLLIN},
                                 {.fd = child->err, .events = POLLIN},
                                 {.fd = exited ? -1 : child->pidfd, .events = POLLIN}};
        if (poll(ready, sizeof ready / sizeof *ready, wait) < 0)
            continue; /* EINTR */
        if (ready[0].revents != 0 || now_ms() >= deadline) {
            reply = false;
            break;
        }
        if (ready[1].revents != 0)
            feed(&child->in, &request->input, &written);
        if (ready[2].revents != 0 && !drain(&child->out, &child->stdout_bytes, request->output_limit)) {
            *outcome = TOO_MUCH_OUTPUT;
            *value = request->output_limit;
            break;
        }
        /* What it says on stderr is for logs: the beginning is enough, but it must get rid of the rest. */
        if (ready[3].revents != 0)
            (void)drain(&child->err, &child->stderr_bytes, request->output_limit);
        if (!exited && waitpid(child->pid, &status, WNOHANG) == child->pid) {
            exited = true;
            drained = now_ms() + DRAIN_MS;
        }
        if (!exited && now_ms() >= limit) {
            *outcome = TIMED_OUT;
            *value = request->limit_ms;
            break;
        }
    }
    status = reap(child, exited, status);
    if (*outcome == EXITED) {
        *outcome = WIFSIGNALED(status) ? SIGNALLED : EXITED;
        *value = (uint32_t)(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    return reply;
}

bool delegate_run(int socket, const struct frame *frame, struct buffer *reply, int64_t deadline, const char **broken) {
    struct request request = {0};
    struct child child = {.pidfd = -1, .in = -1, .out = -1, .err = -1};
    char path[PATH_MAX], why[PATH_MAX + 512] = "";
    enum outcome outcome = NOT_STARTED;
    uint32_t value = 0;
    bool due = false;
    *broken = read_request(frame, &request);
    if (*broken == NULL) {
        due = true;
        if (!find_program(&request, path, sizeof path, why, sizeof why))
            value = (uint32_t)errno;
        else {
            char **environment = merged_environment(&request);
            int failed = start(&child, path, environment);
            if (failed == 0)
                due = attend(socket, &child, &request, deadline, &outcome, &value);
            else {
                value = (uint32_t)failed;
                snprintf(why, sizeof why, "cannot run %s: %s", path, strerror(failed));
                if (child.pid > 0)
                    reap(&child, false, 0);
            }
            free(environment);
        }
    }
    if (due) {
        frame_begin(reply, FRAME_RAN);
        frame_u32(reply, FIELD_RUN_ID, request.id);
        frame_u8(reply, FIELD_OUTCOME, (uint8_t)outcome);
        frame_u32(reply, FIELD_VALUE, value);
        frame_bytes(reply, FIELD_STDOUT, child.stdout_bytes.data, child.stdout_bytes.length);
        frame_bytes(reply, FIELD_STDERR, child.stderr_bytes.data, child.stderr_bytes.length);
        if (why[0] != 0)
            frame_bytes(reply, FIELD_MESSAGE, why, strlen(why));
        frame_end(reply);
    }
    for (size_t i = 0; i < request.set_count; i++)
        free(request.set[i]);
    free(request.set);
    free(request.program);
    free(request.input.data);
    free(child.stdout_bytes.data);
    free(child.stderr_bytes.data);
    return due;
}
