/* SPDX-License-Identifier: Apache-2.0 */
/* The data budget of speed tests (agent/core/budget.h), kept over restarts in the state folder:
 * written after a test that moved something, a few times a day. */
#ifndef PANTAU_AGENT_ERRANDS_BUDGET_FILE_H
#define PANTAU_AGENT_ERRANDS_BUDGET_FILE_H

#include "agent/core/budget.h"

struct budget_file {
	const char *folder; /* borrowed */
	struct budget budget;
};

/* Reads what is there; without a file nothing was spent. */
void budget_file_open(struct budget_file *file, const char *folder);
uint64_t budget_file_spent(const struct budget_file *file);
/* A file that cannot be written is logged, and the figures hold until the restart. */
void budget_file_charge(struct budget_file *file, uint64_t bytes);

#endif
