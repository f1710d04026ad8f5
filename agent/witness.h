/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that measures under one configuration: a measure for each WAN, and the errands. With another
 * configuration it is closed, and a new one opened: the slots are cut there.
 */
#ifndef PANTAU_AGENT_WITNESS_H
#define PANTAU_AGENT_WITNESS_H

#include <uv.h>

#include "agent/errands/errand.h"
#include "agent/measure.h"

struct witness_settings { /* all of it borrowed, and there until witness_close() is called */
	uv_loop_t *loop;
	const struct settings *settings;
	const struct probers *probers;
	const uint8_t *boot;
	int netlink;
};

struct witness_events {
	void *arg;
	/* A slot is finished, the errands' findings in it: borrowed during the call. */
	void (*slot)(void *arg, const struct slot *slot, const char *interface);
	/* Something turned: the unfinished slot with it. Borrowed during the call. */
	void (*sketch)(void *arg, const struct slot *slot);
	/* Once every slot length and WAN: time for what is done now and then. */
	void (*turn)(void *arg, uint64_t now_us);
	/* As in struct errand_context. */
	void (*record)(void *arg, const struct record *record);
	uint32_t (*lease_ask)(void *arg, const char *wan,
		void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand);
	void (*lease_return)(void *arg, uint32_t number);
};

struct witness;

int witness_open(const struct witness_settings *settings, const struct witness_events *events,
	struct witness **ret_witness, struct err *err);
void witness_take_link(struct witness *witness, const struct link *link);
void witness_take_change(struct witness *witness);
void witness_take_step(struct witness *witness, int64_t step_us);
/* The name of the WAN whose own address this is; "" if none has it. */
const char *witness_wan_of(const struct witness *witness, const struct sockaddr *own);
/* Ends the slots here and hands over what is left. */
void witness_stop(struct witness *witness);
/* Frees itself; what it opened is freed in its last close callback. */
void witness_close(struct witness *witness);

#endif
