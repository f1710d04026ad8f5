/* SPDX-License-Identifier: Apache-2.0 */
/* A slot in one line, for the log and for whoever stands at the router. */
#ifndef PANTAU_AGENT_SLOT_WORDS_H
#define PANTAU_AGENT_SLOT_WORDS_H

#include <stddef.h>

#include "proto/model.h"

#define SLOT_WORDS_BYTES 160

struct slot_figures {
	unsigned due, made, answered; /* rounds */
	uint32_t rtt_us; /* median of the scheduled answers; where there are none, of TCP's */
	bool by_tcp;
	enum refusal refusal; /* the last one, if a round was refused */
};

void slot_count(const struct slot *slot, struct slot_figures *ret_figures);
/* "slot 10 s: 1 of 1 rounds answered, RTT 12.3 ms; wan eth0 up" */
void slot_describe(const struct slot *slot, const char *interface, char ret_text[SLOT_WORDS_BYTES]);

#endif
