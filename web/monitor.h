/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks the collector's processes every second how they are, so that a question about health is
 * answered at once even when they hang.
 */
#ifndef PANTAU_WEB_MONITOR_H
#define PANTAU_WEB_MONITOR_H

#include <stdbool.h>

#include "common/err.h"
#include "web/status.h"

#define MONITOR_WORDS_BYTES 200

enum monitor_part {
	PART_REGISTRY, /* registry.db can be read */
	PART_INGEST, /* the process answers */
	PART_JOURNAL, /* what it receives it can write */
	PART_LEDGER, /* the process answers and works */
	PART_LAG, /* the ledger keeps up with the journal */
	PART_DATA, /* no damaged ledger is being made anew; words: what is missing since */
	PART_SPEED, /* what speed tests are sent is noted (monitor_tell_speed()) */
	PART_COUNT
};
const char *monitor_part_name(enum monitor_part part); /* "registry", ...: borrowed for ever */

struct monitor_health {
	struct {
		bool ok;
		char words[MONITOR_WORDS_BYTES]; /* what is wrong, without paths; "" when ok */
	} parts[PART_COUNT];
};

/* What the answers mean; NULL: that process does not answer. stalled_s: for how long the ledger's
 * place in the journal has been the same. Says nothing of the registry. Pure. */
void monitor_judge(const struct status *ingest, const struct status *ledger, int64_t stalled_s,
	struct monitor_health *ret_health);

struct monitor;

/* Asks once, then goes on in a thread of its own. Borrows `state`. */
int monitor_start(const char *state, struct monitor **ret_monitor, struct err *err);
void monitor_stop(struct monitor *monitor);

/* What is wrong with the notes of speed tests; "": nothing. Copies. From any thread. */
void monitor_tell_speed(struct monitor *monitor, const char *words);

void monitor_health(struct monitor *monitor, struct monitor_health *ret_health);
/* Lends the last answers (NULL: none) for the length of the call. */
void monitor_lend(struct monitor *monitor,
	void (*use)(void *arg, const struct status *ingest, const struct status *ledger),
	void *arg);

#endif
