/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts pantau-probe for one sample: words in, lines out. A router short of flash may do without
 * the program: then the agent says so and measures what it can.
 */
#ifndef PANTAU_AGENT_ERRANDS_HELPER_H
#define PANTAU_AGENT_ERRANDS_HELPER_H

#include <stdbool.h>
#include <uv.h>

#define HELPER_WORDS_MAX 20
#define HELPER_MARGIN_MS 3000 /* its own deadline comes first, and it says what it knows */

struct helper_settings { /* all but the loop borrowed during helper_start() only */
	uv_loop_t *loop;
	const char *program; /* as configured: a path, or a name beside this program */
	const char *const *words; /* after its name; ends with NULL */
	unsigned limit_ms; /* that it gives itself */
};

struct helper;

bool helper_is_there(const char *program);

/* -ENOENT: it is not installed; another negative errno: it cannot be started. Else `done` is called
 * once, never from within, with what it printed (borrowed) and whether it ended by itself; the
 * struct is gone then. */
int helper_start(const struct helper_settings *settings,
	void (*done)(void *arg, const char *text, size_t length, int status), void *arg,
	struct helper **ret_helper);
/* Kills it; `done` is not called any more. Accepts NULL. */
void helper_cancel(struct helper *helper);

#endif
