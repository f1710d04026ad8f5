/* SPDX-License-Identifier: Apache-2.0 */
/* The data budget of speed tests (agent/core/budget.h), kept over restarts in the state folder:
 * the most that a test may move before it begins, what it did move after it; a few times a day. */
#ifndef PANTAU_AGENT_ERRANDS_BUDGET_FILE_H
#define PANTAU_AGENT_ERRANDS_BUDGET_FILE_H

#include "agent/core/budget.h"
#include "agent/net/link.h"
#include "common/err.h"

struct budget_file {
	const char *folder; /* borrowed */
	struct budget budget;
	struct { /* charged for the test under way */
		uint64_t bytes;
		struct link link; /* its counters before the test */
	} hold;
};

/* Reads what is there; without a file nothing was spent. */
void budget_file_open(struct budget_file *file, const char *folder);
uint64_t budget_file_spent(const struct budget_file *file);
/* Charges the most that a test may move, before it begins; durable when it returns 0. A negative
 * errno with words: it is not on the disk, and nothing is charged. `link`: index 0 where it is
 * not known. */
int budget_file_hold(
	struct budget_file *file, uint64_t most, const struct link *link, struct err *err);
/* The test told of its end: gives back what it did not move, by the counters of the same link, less
 * `others`; a server has a part in what was `told`, so that alone gives nothing back. */
void budget_file_settle(
	struct budget_file *file, uint64_t told, uint64_t others, const struct link *link);
/* It never began: gives back all. */
void budget_file_call_off(struct budget_file *file);

#endif
