/* The frames between this executable and the daemon. The format is documented in docs/protocol.md; the daemon's side of
 * it is the Java module dev.patchbay.wire. */
#ifndef PATCHBAY_WIRE_H
#define PATCHBAY_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WIRE_HEADER = 12,
    WIRE_FIELD_HEADER = 6,
    WIRE_MAX_FRAME = 8 * 1024 * 1024,
    WIRE_OLDEST = 1, /* protocol versions that this executable speaks */
    WIRE_NEWEST = 1
};

enum frame_type { FRAME_REQUEST = 1, FRAME_ANSWER = 2, FRAME_REFUSAL = 3, FRAME_RUN = 4, FRAME_RAN = 5 };

enum field_tag {
    FIELD_OLDEST = 1,
    FIELD_NEWEST = 2,
    FIELD_STARTED = 3,
    FIELD_LIMIT = 4,
    FIELD_NETNS = 5,
    FIELD_ENVIRONMENT = 6,
    FIELD_STDIN = 7,
    FIELD_STDOUT = 8,
    FIELD_STDERR = 9,
    FIELD_EXIT = 10,
    FIELD_CODE = 11,
    FIELD_MESSAGE = 12,
    FIELD_DETAILS = 13,
    FIELD_RUN_ID = 14,
    FIELD_PROGRAM = 15,
    FIELD_OUTPUT_LIMIT = 16,
    FIELD_OUTCOME = 17,
    FIELD_VALUE = 18,
    FIELD_UPTIME = 19,
    FIELD_BOOT = 20
};

/* Bytes that grow. Running out of memory ends the process (see allocate). */
struct buffer {
    unsigned char *data;
    size_t length;
    size_t capacity;
};

/* A part of a received frame; points into the frame's bytes. */
struct span {
    const unsigned char *data;
    size_t length;
    bool present;
};

struct frame {
    enum frame_type type;
    unsigned char *body; /* owned: release with free */
    size_t length;
};

enum receive_result { RECEIVED, RECEIVE_CLOSED, RECEIVE_LATE, RECEIVE_GARBAGE };

/* malloc or realloc that ends the process with a CNI error when there is no memory. */
void *allocate(void *old, size_t size);
void buffer_add(struct buffer *buffer, const void *data, size_t length);

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t now_ms(void);
/* What is left until a deadline, for poll: 0 when it has passed. */
int remaining_ms(int64_t deadline);

void frame_begin(struct buffer *frame, enum frame_type type);
void frame_bytes(struct buffer *frame, enum field_tag tag, const void *data, size_t length);
void frame_u8(struct buffer *frame, enum field_tag tag, uint8_t value);
void frame_u32(struct buffer *frame, enum field_tag tag, uint32_t value);
void frame_u64(struct buffer *frame, enum field_tag tag, uint64_t value);
/* Writes the body's length into the header; false when the frame is larger than WIRE_MAX_FRAME. */
bool frame_end(struct buffer *frame);

/* Sends all of it, with a descriptor on the first byte when descriptor is not negative. False with errno set:
 * ETIMEDOUT when the deadline passed. */
bool frame_send(int socket, const struct buffer *frame, int descriptor, int64_t deadline);
/* Receives one frame. why is set to words unless the result is RECEIVED. */
enum receive_result frame_receive(int socket, struct frame *frame, int64_t deadline, char *why, size_t why_size);

/* Steps through the fields of a body: false at its end. *broken is set when what is left is no field. */
bool field_next(const struct frame *frame, size_t *at, uint16_t *tag, struct span *value, bool *broken);
/* The number in a field of exactly four bytes; false otherwise. */
bool span_u32(const struct span *span, uint32_t *value);

#endif
