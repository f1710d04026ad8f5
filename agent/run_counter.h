/* SPDX-License-Identifier: Apache-2.0 */
/* The number of this start of the agent: kept in a file, raised before anything is recorded. */
#ifndef PANTAU_AGENT_RUN_COUNTER_H
#define PANTAU_AGENT_RUN_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

/* Raises the counter in folder/run above itself and above `known` (the highest run that records
 * are held of, should the file be lost). Durable when it returns 0. */
int run_counter_raise(const char *folder, uint32_t known, uint32_t *ret_run, struct err *err);

/* Whether raising failed because the file cannot be read, and never will be. */
bool run_counter_is_damaged(int status);

/* For a start whose folder cannot be written, or whose file is damaged: a number well above all
 * that is known, drawn at random, so that it is hardly one that another start had or will have. */
int run_counter_draw(const char *folder, uint32_t known, uint32_t *ret_run, struct err *err);

#endif
