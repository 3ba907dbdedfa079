/* Just enough JSON (RFC 8259): finds string values of keys of the outermost object, and writes strings. */
#ifndef PATCHBAY_JSON_H
#define PATCHBAY_JSON_H

#include "wire.h"

enum json_kind { JSON_ABSENT, JSON_STRING, JSON_OTHER };

struct json_key {
    const char *name;
    enum json_kind kind; /* null counts as absent, as it does for libcni */
    char *text;          /* JSON_STRING: UTF-8, ends with NUL; owned by the caller. A NUL within ends it early, see length */
    size_t length;       /* of the decoded string, the final NUL not counted */
};

/* Checks the whole text and finds the keys; of a key that stands there twice the last counts. False when the text is no
 * JSON object: why and where say what is wrong at which byte. */
bool json_scan(const char *text, size_t length, struct json_key *keys, size_t count, const char **why, size_t *where);

/* Adds a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD. */
void json_quote(struct buffer *to, const char *text, size_t length);

#endif
