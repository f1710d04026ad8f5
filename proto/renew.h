/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Renewal, protocol pantau-renew/1 (PROTOCOL.md, 9): an agent that shows a certificate of its own
 * asks for the next one, of a new key. One question and one answer, a frame each, the answer that
 * of an enrolment (proto/enrol.h). And how long a certificate lives, which both sides go by.
 */
#ifndef PANTAU_PROTO_RENEW_H
#define PANTAU_PROTO_RENEW_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

#define RENEW_DAY_S 86400

/* Short enough that a key that nobody knows to be lost ends by itself, long enough that a router
 * which lies in a store for half a year is no case for a person. */
#define RENEW_LIFE_DAYS 730
#define RENEW_LIFE_S ((int64_t)RENEW_LIFE_DAYS * RENEW_DAY_S)

/* When two thirds are over: eight months are left, of which a router may be without power for
 * seven. The moment is drawn within two months more, so that a province that was installed in one
 * week is not renewed in one. */
#define RENEW_BEFORE_S (RENEW_LIFE_S / 3)
#define RENEW_SPREAD_S (RENEW_LIFE_S / 12)

/* Nobody is renewed earlier: who stole a key cannot make his own of it on the same day, and a
 * router whose clock is years ahead makes no work. */
#define RENEW_EARLIEST_S (RENEW_LIFE_S / 2)

/* From here on people are told: it ought to have happened months ago. */
#define RENEW_LATE_S (RENEW_LIFE_S / 6)

/* "renew\n" and the certificate request in PEM. */
int renew_question_write(const char *request, struct buf *out);
struct renew_question { /* borrowed from the bytes */
	const char *request;
	size_t request_length;
};
/* -EINVAL. */
int renew_question_read(const void *bytes, size_t length, struct renew_question *ret_question);

/* The moment at which a certificate that ends at expires_s is to be renewed; `draw` is the agent's
 * own, and always the same for one certificate. */
int64_t renew_due_s(int64_t expires_s, uint32_t draw);

#endif
