#define _GNU_SOURCE
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const unsigned char MAGIC[4] = {'P', 'B', 'A', 'Y'};

void *allocate(void *old, size_t size) {
    void *memory = realloc(old, size);
    if (memory == NULL) {
        static const char error[] =
            "{\"cniVersion\":\"1.0.0\",\"code\":11,\"msg\":\"patchbay-cni is out of memory\"}\n";
        ssize_t ignored = write(STDOUT_FILENO, error, sizeof error - 1);
        _exit(ignored >= 0 ? 1 : 2);
    }
    return memory;
}

void buffer_add(struct buffer *buffer, const void *data, size_t length) {
    if (buffer->capacity - buffer->length < length) {
        size_t capacity = buffer->capacity < 4096 ? 4096 : buffer->capacity;
        while (capacity - buffer->length < length)
            capacity *= 2;
        buffer->data = allocate(buffer->data, capacity);
        buffer->capacity = capacity;
    }
    if (length > 0)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int remaining_ms(int64_t deadline) {
    int64_t left = deadline - now_ms();
    return left < 0 ? 0 : left > 1000000000 ? 1000000000 : (int)left;
}

static void store(unsigned char *to, uint64_t value, size_t bytes) {
    for (size_t i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t load(const unsigned char *from, size_t bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

void frame_begin(struct buffer *frame, enum frame_type type) {
    unsigned char header[WIRE_HEADER] = {0};
    memcpy(header, MAGIC, sizeof MAGIC);
    header[4] = WIRE_OLDEST; /* the oldest is understood by most daemons; FIELD_NEWEST says what else we speak */
    header[5] = (unsigned char)type;
    frame->length = 0;
    buffer_add(frame, header, sizeof header);
}

void frame_bytes(struct buffer *frame, enum field_tag tag, const void *data, size_t length) {
    unsigned char header[WIRE_FIELD_HEADER];
    store(header, tag, 2);
    store(header + 2, length, 4);
    buffer_add(frame, header, sizeof header);
    buffer_add(frame, data, length);
}

static void frame_number(struct buffer *frame, enum field_tag tag, uint64_t value, size_t bytes) {
    unsigned char stored[8];
    store(stored, value, bytes);
    frame_bytes(frame, tag, stored, bytes);
}

void frame_u8(struct buffer *frame, enum field_tag tag, uint8_t value) { frame_number(frame, tag, value, 1); }
void frame_u32(struct buffer *frame, enum field_tag tag, uint32_t value) { frame_number(frame, tag, value, 4); }
void frame_u64(struct buffer *frame, enum field_tag tag, uint64_t value) { frame_number(frame, tag, value, 8); }

bool frame_end(struct buffer *frame) {
    if (frame->length > WIRE_MAX_FRAME)
        return false;
    store(frame->data + 8, frame->length - WIRE_HEADER, 4);
    return true;
}

/* Waits until the socket is ready for events or has ended; false with ETIMEDOUT at the deadline. */
static bool wait_for(int socket, short events, int64_t deadline) {
    for (;;) {
        struct pollfd ready = {.fd = socket, .events = events};
        int count = poll(&ready, 1, remaining_ms(deadline));
        if (count > 0)
            return true;
        if (count == 0) {
            errno = ETIMEDOUT;
            return false;
        }
        if (errno != EINTR)
            return false;
    }
}

bool frame_send(int socket, const struct buffer *frame, int descriptor, int64_t deadline) {
    size_t sent = 0;
    while (sent < frame->length) {
        struct iovec part = {.iov_base = frame->data + sent, .iov_len = frame->length - sent};
        union {
            struct cmsghdr header;
            char bytes[CMSG_SPACE(sizeof(int))];
        } control;
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
        if (sent == 0 && descriptor >= 0) {
            memset(&control, 0, sizeof control);
            message.msg_control = control.bytes;
            message.msg_controllen = sizeof control.bytes;
            struct cmsghdr *header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int));
            memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
        }
        ssize_t count = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0)
            sent += (size_t)count;
        else if (errno == EAGAIN) {
            if (!wait_for(socket, POLLOUT, deadline))
                return false;
        } else if (errno != EINTR)
            return false;
    }
    return true;
}

static enum receive_result receive_all(int socket, unsigned char *to, size_t length, size_t *got, int64_t deadline,
                                       char *why, size_t why_size) {
    *got = 0;
    while (*got < length) {
        ssize_t count = recv(socket, to + *got, length - *got, MSG_DONTWAIT);
        if (count > 0)
            *got += (size_t)count;
        else if (count == 0 || errno == ECONNRESET) {
            snprintf(why, why_size, "it closed the connection without an answer");
            return RECEIVE_CLOSED;
        } else if (errno == EAGAIN) {
            if (!wait_for(socket, POLLIN, deadline)) {
                snprintf(why, why_size, "it did not answer in time");
                return RECEIVE_LATE;
            }
        } else if (errno != EINTR) {
            snprintf(why, why_size, "reading from it failed: %s", strerror(errno));
            return RECEIVE_CLOSED;
        }
    }
    return RECEIVED;
}

enum receive_result frame_receive(int socket, struct frame *frame, int64_t deadline, char *why, size_t why_size) {
    unsigned char header[WIRE_HEADER];
    size_t got;
    enum receive_result result = receive_all(socket, header, sizeof header, &got, deadline, why, why_size);
    if (got >= sizeof MAGIC && memcmp(header, MAGIC, sizeof MAGIC) != 0) {
        snprintf(why, why_size, "what it sent does not begin like a frame of the Patchbay daemon");
        return RECEIVE_GARBAGE;
    }
    if (result != RECEIVED)
        return result;
    if (header[4] < WIRE_OLDEST || header[4] > WIRE_NEWEST) {
        snprintf(why, why_size, "it speaks protocol version %d, this executable %d to %d", header[4], WIRE_OLDEST,
                 WIRE_NEWEST);
        return RECEIVE_GARBAGE;
    }
    size_t length = (size_t)load(header + 8, 4);
    if (length > WIRE_MAX_FRAME - WIRE_HEADER) {
        snprintf(why, why_size, "it announced a frame of %zu bytes, more than the %d allowed", length, WIRE_MAX_FRAME);
        return RECEIVE_GARBAGE;
    }
    frame->type = (enum frame_type)header[5];
    frame->length = length;
    frame->body = allocate(NULL, length + 1);
    frame->body[length] = 0;
    result = receive_all(socket, frame->body, length, &got, deadline, why, why_size);
    if (result != RECEIVED) {
        free(frame->body);
        frame->body = NULL;
    }
    return result;
}

bool field_next(const struct frame *frame, size_t *at, uint16_t *tag, struct span *value, bool *broken) {
    size_t left = frame->length - *at;
    if (left == 0)
        return false;
    if (left < WIRE_FIELD_HEADER || load(frame->body + *at + 2, 4) > left - WIRE_FIELD_HEADER) {
        *broken = true;
        return false;
    }
    *tag = (uint16_t)load(frame->body + *at, 2);
    value->length = (size_t)load(frame->body + *at + 2, 4);
    value->data = frame->body + *at + WIRE_FIELD_HEADER;
    value->present = true;
    *at += WIRE_FIELD_HEADER + value->length;
    return true;
}

bool span_u32(const struct span *span, uint32_t *value) {
    if (!span->present || span->length != 4)
        return false;
    *value = (uint32_t)load(span->data, 4);
    return true;
}
