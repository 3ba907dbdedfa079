/* Runs a delegate plugin at the daemon's request, where the container runtime itself would run it. */
#ifndef PATCHBAY_DELEGATE_H
#define PATCHBAY_DELEGATE_H

#include "wire.h"

/* Carries out a RUN frame and fills reply with the RAN frame. False when no reply is due: the daemon hung up or sent a
 * frame meanwhile (it gave the delegate up), or the deadline of this process passed; the delegate is dead then. A frame
 * that is no proper RUN sets *broken to words and returns false. */
bool delegate_run(int socket, const struct frame *request, struct buffer *reply, int64_t deadline, const char **broken);

/* Ends the delegate together with this process when one of the usual signals arrives. */
void delegate_watch_signals(void);

#endif
