/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures one WAN: drives its watch with the clock, asks its questions with the probers, reads its
 * facts from the kernel, and hands over each slot that is finished.
 */
#ifndef PANTAU_AGENT_MEASURE_H
#define PANTAU_AGENT_MEASURE_H

#include <uv.h>

#include "agent/core/watch.h"
#include "agent/net/wan.h"
#include "agent/probes/probers.h"

struct measure_events {
	void *arg;
	/* A slot is finished: lent during the call, to be completed with what others know. */
	void (*slot)(void *arg, struct slot *slot, const char *interface);
	/* Something turned: the unfinished slot with it. Lent during the call. */
	void (*sketch)(void *arg, const struct slot *slot);
	/* Once every slot length: time for what is done now and then. */
	void (*turn)(void *arg, uint64_t now_us);
};

struct measure_settings { /* borrowed during measure_new only, but for those that say it */
	uv_loop_t *loop; /* for life */
	const struct probers *probers; /* for life */
	int netlink; /* for life */
	const char *state_folder; /* for life */
	const char *name, *interface;
	const struct settings_target *targets;
	const uint8_t *boot;
	uint32_t slot_ms, round_ms;
	uint64_t near_us;
	const struct settings_stamp *stamp; /* copied */
};

struct measure;

int measure_new(const struct measure_settings *settings, const struct measure_events *events,
	struct measure **ret_measure, struct err *err);
/* Ends the slot here and hands over what is left. */
void measure_stop(struct measure *measure);
/* Freed by its last close callback; what was asked is forgotten. */
void measure_close(struct measure *measure);

void measure_take_link(struct measure *measure, const struct link *link);
void measure_take_change(struct measure *measure);
void measure_take_step(struct measure *measure, int64_t step_us);

const char *measure_name(const struct measure *measure);
struct wan *measure_wan(const struct measure *measure);

#endif
