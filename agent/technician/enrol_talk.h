/* SPDX-License-Identifier: Apache-2.0 */
/* The one question and the one answer of an enrolment, over TLS, by blocking sockets: it is a
 * command that a person waits for. */
#ifndef PANTAU_AGENT_ENROL_TALK_H
#define PANTAU_AGENT_ENROL_TALK_H

#include "proto/enrol.h"

/* Tries each address once. `text` takes the answer's bytes, which ret_answer borrows. A negative
 * errno with words: nobody answered, or not who the token is from (-EPROTO). */
int enrol_talk(const struct enrol_token *token, const char *request, struct buf *text,
	struct enrol_answer *ret_answer, struct err *err);

#endif
