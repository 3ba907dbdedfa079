#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 512 };

struct scanner {
    const unsigned char *text;
    size_t length;
    size_t at;
    const char *why;
};

static bool fail(struct scanner *s, const char *why) {
    s->why = why;
    return false;
}

static int peek(const struct scanner *s) { return s->at < s->length ? s->text[s->at] : -1; }

static void skip_blanks(struct scanner *s) {
    while (s->at < s->length && strchr(" \t\r\n", s->text[s->at]) != NULL && s->text[s->at] != 0)
        s->at++;
}

static int hex_digit(int c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool scan_hex4(struct scanner *s, unsigned *value) {
    *value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(s));
        if (digit < 0)
            return fail(s, "four hexadecimal digits must follow \\u");
        *value = *value << 4 | (unsigned)digit;
        s->at++;
    }
    return true;
}

static void add_utf8(struct buffer *to, unsigned code) {
    unsigned char bytes[4];
    size_t length;
    if (code < 0x80) {
        bytes[0] = (unsigned char)code;
        length = 1;
    } else if (code < 0x800) {
        bytes[0] = (unsigned char)(0xc0 | code >> 6);
        bytes[1] = (unsigned char)(0x80 | (code & 0x3f));
        length = 2;
    } else if (code < 0x10000) {
        bytes[0] = (unsigned char)(0xe0 | code >> 12);
        bytes[1] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
        bytes[2] = (unsigned char)(0x80 | (code & 0x3f));
        length = 3;
    } else {
        bytes[0] = (unsigned char)(0xf0 | code >> 18);
        bytes[1] = (unsigned char)(0x80 | (code >> 12 & 0x3f));
        bytes[2] = (unsigned char)(0x80 | (code >> 6 & 0x3f));
        bytes[3] = (unsigned char)(0x80 | (code & 0x3f));
        length = 4;
    }
    buffer_add(to, bytes, length);
}

/* After "\u". A surrogate without its partner becomes U+FFFD, as in Go. */
static bool scan_unicode(struct scanner *s, struct buffer *to) {
    unsigned code;
    if (!scan_hex4(s, &code))
        return false;
    if (code >= 0xd800 && code < 0xdc00 && s->at + 1 < s->length && s->text[s->at] == '\\' && s->text[s->at + 1] == 'u') {
        size_t before = s->at;
        unsigned low;
        s->at += 2;
        if (!scan_hex4(s, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        else
            s->at = before;
    }
    if (to != NULL)
        add_utf8(to, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    return true;
}

/* to may be NULL: then the string is only checked. */
static bool scan_string(struct scanner *s, struct buffer *to) {
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (peek(s) != '"')
        return fail(s, "a string must begin with a quote");
    s->at++;
    for (;;) {
        size_t from = s->at;
        while (s->at < s->length && s->text[s->at] != '"' && s->text[s->at] != '\\' && s->text[s->at] >= 0x20)
            s->at++;
        if (to != NULL)
            buffer_add(to, s->text + from, s->at - from);
        int c = peek(s);
        if (c < 0)
            return fail(s, "the text ends within a string");
        if (c < 0x20)
            return fail(s, "a control character must be escaped in a string");
        s->at++;
        if (c == '"')
            return true;
        int escape = peek(s);
        if (escape < 0)
            return fail(s, "the text ends within a string");
        s->at++;
        if (escape == 'u') {
            if (!scan_unicode(s, to))
                return false;
            continue;
        }
        const char *found = escape == 0 ? NULL : strchr(escapes, escape);
        if (found == NULL) {
            s->at--;
            return fail(s, "an unknown escape in a string");
        }
        if (to != NULL)
            buffer_add(to, &meanings[found - escapes], 1);
    }
}

static size_t skip_digits(struct scanner *s) {
    size_t from = s->at;
    while (s->at < s->length && s->text[s->at] >= '0' && s->text[s->at] <= '9')
        s->at++;
    return s->at - from;
}

static bool scan_number(struct scanner *s) {
    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0')
        s->at++;
    else if (skip_digits(s) == 0)
        return fail(s, "a value must stand here");
    if (peek(s) == '.') {
        s->at++;
        if (skip_digits(s) == 0)
            return fail(s, "a digit must follow the point of a number");
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (skip_digits(s) == 0)
            return fail(s, "a digit must follow the exponent of a number");
    }
    return true;
}

static bool scan_word(struct scanner *s, const char *word) {
    size_t length = strlen(word);
    if (s->length - s->at < length || memcmp(s->text + s->at, word, length) != 0)
        return fail(s, "a value must stand here");
    s->at += length;
    return true;
}

static bool scan_value(struct scanner *s, int depth);

/* Scans "[1,2]" and "{"a":1}" alike; for the outermost object keys are looked at, otherwise count is 0. */
static bool scan_members(struct scanner *s, int depth, bool object, struct json_key *keys, size_t count) {
    int end = object ? '}' : ']';
    if (depth > MAX_DEPTH)
        return fail(s, "it is nested too deeply");
    s->at++;
    skip_blanks(s);
    if (peek(s) == end) {
        s->at++;
        return true;
    }
    for (;;) {
        struct json_key *key = NULL;
        if (object) {
            struct buffer name = {0};
            if (!scan_string(s, count > 0 ? &name : NULL)) {
                free(name.data);
                return false;
            }
            for (size_t i = 0; i < count; i++)
                if (name.length == strlen(keys[i].name) && memcmp(name.data, keys[i].name, name.length) == 0)
                    key = &keys[i];
            free(name.data);
            skip_blanks(s);
            if (peek(s) != ':')
                return fail(s, "a colon must follow a key");
            s->at++;
            skip_blanks(s);
        }
        if (key != NULL) {
            free(key->text);
            key->text = NULL;
            key->kind = peek(s) == '"' ? JSON_STRING : peek(s) == 'n' ? JSON_ABSENT : JSON_OTHER;
        }
        if (key != NULL && key->kind == JSON_STRING) {
            struct buffer text = {0};
            bool good = scan_string(s, &text);
            key->length = text.length;
            buffer_add(&text, "", 1);
            key->text = (char *)text.data;
            if (!good)
                return false;
        } else if (!scan_value(s, depth))
            return false;
        skip_blanks(s);
        if (peek(s) == end) {
            s->at++;
            return true;
        }
        if (peek(s) != ',')
            return fail(s, object ? "a comma or a closing brace must stand here" : "a comma or a closing bracket must stand here");
        s->at++;
        skip_blanks(s);
    }
}

static bool scan_value(struct scanner *s, int depth) {
    switch (peek(s)) {
    case '{':
        return scan_members(s, depth + 1, true, NULL, 0);
    case '[':
        return scan_members(s, depth + 1, false, NULL, 0);
    case '"':
        return scan_string(s, NULL);
    case 't':
        return scan_word(s, "true");
    case 'f':
        return scan_word(s, "false");
    case 'n':
        return scan_word(s, "null");
    default:
        return scan_number(s);
    }
}

bool json_scan(const char *text, size_t length, struct json_key *keys, size_t count, const char **why, size_t *where) {
    struct scanner s = {.text = (const unsigned char *)text, .length = length};
    bool good = false;
    skip_blanks(&s);
    if (peek(&s) < 0)
        s.why = "it is empty";
    else if (peek(&s) != '{')
        s.why = "it must be an object";
    else if (scan_members(&s, 1, true, keys, count)) {
        skip_blanks(&s);
        good = s.at == s.length;
        s.why = "something follows the object";
    }
    *why = s.why;
    *where = s.at;
    return good;
}

/* The length of the UTF-8 sequence at text, 0 when there is none. */
static size_t utf8_sequence(const unsigned char *text, size_t left) {
    unsigned char lead = text[0];
    size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] >= 0xa0) || (lead == 0xf0 && text[1] < 0x90) ||
        (lead == 0xf4 && text[1] >= 0x90))
        return 0;
    return length;
}

void json_quote(struct buffer *to, const char *text, size_t length) {
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = (const unsigned char *)text;
    buffer_add(to, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t sequence = utf8_sequence(bytes + i, length - i);
        if (sequence == 0) {
            buffer_add(to, "\\ufffd", 6);
            i++;
            continue;
        }
        if (bytes[i] == '"' || bytes[i] == '\\') {
            buffer_add(to, "\\", 1);
            buffer_add(to, bytes + i, 1);
        } else if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
            char escape[6] = {'\\', 'u', '0', '0', digits[bytes[i] >> 4], digits[bytes[i] & 15]};
            buffer_add(to, escape, sizeof escape);
        } else
            buffer_add(to, bytes + i, sequence);
        i += sequence;
    }
    buffer_add(to, "\"", 1);
}
