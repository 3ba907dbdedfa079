#define _GNU_SOURCE
#include "note.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char FOLDER[] = "pending-dels";

/* Adds text to a file name, everything but letters, digits, '_' and '-' as %XX: never a path, never hidden. */
static void add_escaped(struct buffer *name, const char *text) {
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *c = (const unsigned char *)text; *c != 0; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_' || *c == '-';
        char escape[3] = {'%', digits[*c >> 4], digits[*c & 15]};
        buffer_add(name, plain ? (const char *)c : escape, plain ? 1 : sizeof escape);
    }
}

/* "<container>.<interface>.del"; a container id too long for a file name keeps its head and gets a hash for the rest. */
static void file_name(struct buffer *name, const char *container, const char *interface) {
    add_escaped(name, container);
    if (name->length > 150) {
        uint64_t hash = 14695981039346656037u; /* FNV-1a */
        for (const unsigned char *c = (const unsigned char *)container; *c != 0; c++)
            hash = (hash ^ *c) * 1099511628211u;
        char tail[20];
        int length = snprintf(tail, sizeof tail, "~%016llx", (unsigned long long)hash);
        name->length = 120;
        buffer_add(name, tail, (size_t)length);
    }
    buffer_add(name, ".", 1);
    add_escaped(name, interface);
    if (name->length > 240)
        name->length = 240; /* an interface name has at most 15 bytes; a longer one is the daemon's to refuse */
    buffer_add(name, ".del", sizeof ".del");
}

static bool write_all(int file, const unsigned char *data, size_t length) {
    while (length > 0) {
        ssize_t count = write(file, data, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        data += count;
        length -= (size_t)count;
    }
    return true;
}

static bool write_file(int folder, const char *name, const struct buffer *frame, const char **step) {
    char temporary[48];
    snprintf(temporary, sizeof temporary, ".writing-%ld-%lld", (long)getpid(), (long long)now_ms());
    *step = "creating a file in";
    int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return false;
    *step = "writing a file in";
    bool good = write_all(file, frame->data, frame->length) && fsync(file) == 0;
    int why = errno;
    if (close(file) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good) {
        *step = "renaming a file in";
        good = renameat(folder, temporary, folder, name) == 0;
        why = errno;
    }
    if (!good) {
        unlinkat(folder, temporary, 0);
        errno = why;
        return false;
    }
    *step = "syncing";
    return fsync(folder) == 0;
}

bool note_write(const char *socket, const char *container, const char *interface, const struct buffer *frame, char *path,
                size_t path_size, const char **step) {
    char folder_path[PATH_MAX];
    const char *slash = strrchr(socket, '/');
    size_t parent = slash == NULL || slash == socket ? 0 : (size_t)(slash - socket);
    struct buffer name = {0};
    file_name(&name, container, interface);
    *step = "naming";
    if (parent + 1 + sizeof FOLDER > sizeof folder_path) {
        free(name.data);
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder_path, socket, parent);
    folder_path[parent] = 0;
    /* Below /run the daemon's folder is missing when it has not run since the machine started. */
    if (parent > 0)
        (void)mkdir(folder_path, 0755);
    snprintf(folder_path + parent, sizeof folder_path - parent, "/%s", FOLDER);
    snprintf(path, path_size, "%s/%s", folder_path, (const char *)name.data);

    *step = "creating the folder of";
    bool good = false;
    if (mkdir(folder_path, 0700) == 0 || errno == EEXIST) {
        *step = "opening the folder of";
        int folder = open(folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (folder >= 0) {
            good = write_file(folder, (const char *)name.data, frame, step);
            int why = errno;
            close(folder);
            errno = why;
        }
    }
    int why = errno;
    free(name.data);
    errno = why;
    return good;
}
