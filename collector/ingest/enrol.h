/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions of routers that want to become agents, on their way to the process that may sign, and
 * its answers on their way back. One at a time goes there, off the loop; a few wait in line, and
 * who comes to a full line is told to come again. So strangers cost the agents one thread at most.
 *
 *   session -> enrol_ask() -> line -> worker: the request is read, the signer asked -> answered()
 */
#ifndef PANTAU_COLLECTOR_INGEST_ENROL_H
#define PANTAU_COLLECTOR_INGEST_ENROL_H

#include <uv.h>

#include "collector/signer/question.h"
#include "common/buf.h"
#include "common/err.h"
#include "proto/enrol.h"

#define ENROL_LINE_MAX 32 /* each is answered in some 10 ms, and waits handshake_s at most */

struct enrol;
struct enrol_visit; /* one question under way */

/* Reads STATE/ca/ca.crt, which goes into the answers. `stamp_port`: of the reflector beside the
 * collector, whose agents' keys are told; 0: none. */
int enrol_new(uv_loop_t *loop, const char *state, uint16_t stamp_port, struct enrol **ret_enrol,
	struct err *err);
/* Nothing is answered any more. The loop must run until it is done; then free. Accept NULL. */
void enrol_close(struct enrol *enrol);
void enrol_free(struct enrol *enrol);

struct enrol_asker {
	void *arg;
	/* Once, from the loop, never from within enrol_ask(). Borrowed: the answer and its text. */
	void (*answered)(void *arg, const struct enrol_answer *answer);
};
struct enrol_words { /* what was said, and by whom */
	const void *bytes; /* borrowed */
	size_t length;
	const struct enrol_device *device; /* an agent that renews; borrowed. NULL: a router */
};
struct enrol_device {
	uint32_t agent;
	uint8_t print[TLS_FINGERPRINT_BYTES]; /* of the certificate that it showed */
	uint8_t address[SIGNER_ADDRESS_BYTES];
};
/* Copies. -EINVAL: it is no question; -EBUSY: the line is full; -ENOMEM. */
int enrol_ask(struct enrol *enrol, const struct enrol_words *words, const struct enrol_asker *asker,
	struct enrol_visit **ret_visit);
/* The registry is told that the agent spoke with its next certificate. -EBUSY, -ENOMEM: another
 * time. */
int enrol_tell_used(struct enrol *enrol, const struct enrol_device *device);
/* Who asked has left: nobody is told. What was begun may be signed all the same. Accepts NULL. */
void enrol_leave(struct enrol_visit *visit);

#endif
