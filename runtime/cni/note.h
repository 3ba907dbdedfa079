/* The durable note of a DEL that no daemon could take. */
#ifndef PATCHBAY_NOTE_H
#define PATCHBAY_NOTE_H

#include "wire.h"

/* Keeps the frame as a file, on disk when this returns true, in the folder pending-dels beside the socket; one file per
 * attachment, a later note replaces an earlier one. path receives the file's name. False: errno, and step says at what. */
bool note_write(const char *socket, const char *container, const char *interface, const struct buffer *frame, char *path,
                size_t path_size, const char **step);

#endif
