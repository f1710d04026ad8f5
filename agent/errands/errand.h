/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the agent does beside its rounds: looks at resolvers, fetches a page, measures speed, counts
 * devices. Each such errand is a row of functions in one table, with a rhythm of its own on the
 * loop. What it finds goes into a slot that is about to be recorded, or is a record of its own.
 *
 *   open -> its timer runs -> context.record()        or  annotate() when a slot is finished
 *        ^                                  |
 *        +--- other settings: close, open --+         -> stop -> close
 */
#ifndef PANTAU_AGENT_ERRANDS_ERRAND_H
#define PANTAU_AGENT_ERRANDS_ERRAND_H

#include <uv.h>

#include "agent/net/wan.h"
#include "agent/settings/settings.h"
#include "common/err.h"

struct errand_wan {
	const char *name;
	struct wan *wan; /* what the kernel says of it, as of the last look */
	const struct settings_target *targets;
};

struct errand_context { /* all of it borrowed, and there until close() is called */
	uv_loop_t *loop;
	const struct settings *settings;
	const struct probers *probers;
	const uint8_t *boot; /* BOOT_BYTES */
	int netlink; /* for asking */
	size_t wan_count;
	struct errand_wan wans[SETTINGS_WANS];
	void *arg;
	/* Keeps a record of the errand's own; its boot is filled in already by the errand. */
	void (*record)(void *arg, const struct record *record);
	/* May a speed test begin over this WAN? `answer` is called once, later; without a session
	 * at once with "no, ask again in a minute". The number names the lease until it is
	 * returned. */
	uint32_t (*lease_ask)(void *arg, const char *wan,
		void (*answer)(void *errand, bool granted, uint32_t seconds), void *errand);
	void (*lease_return)(void *arg, uint32_t number);
};

struct errand_type {
	const char *name;
	/* Begins. 0 with *ret_errand NULL: its settings leave it out. */
	int (*open)(const struct errand_context *context, void **ret_errand, struct err *err);
	/* Puts what it knows into a slot of that WAN before it is recorded; NULL: never. */
	void (*annotate)(void *errand, const char *wan, struct slot *slot);
	/* The agent is about to end in order: what is under way is recorded as interrupted. NULL:
	 * nothing is lost by closing. */
	void (*stop)(void *errand);
	/* Freed by its last close callback. */
	void (*close)(void *errand);
};

/* Every errand there is; ends with NULL. */
extern const struct errand_type *const errand_types[];

/* Those that are open. */
struct errands;

int errands_open(
	const struct errand_context *context, struct errands **ret_errands, struct err *err);
void errands_annotate(struct errands *errands, const char *wan, struct slot *slot);
void errands_stop(struct errands *errands);
/* Frees itself at once, the errands in their last close callbacks. */
void errands_close(struct errands *errands);

#endif
