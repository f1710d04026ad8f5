/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs another program for one sample, and survives whatever it does: it gets an empty environment
 * but for PATH, a session of its own, no right that the agent has dropped, and a deadline; what it
 * prints is bounded. When it is over its whole process group is killed: nothing stays behind.
 */
#ifndef PANTAU_AGENT_RUN_ONCE_H
#define PANTAU_AGENT_RUN_ONCE_H

#include <uv.h>

enum run_once_end {
	RUN_ONCE_EXITED, /* and printed what `output` holds */
	RUN_ONCE_DEADLINE, /* it was killed */
	RUN_ONCE_TOO_MUCH, /* it printed more than it may, and was killed */
};

struct run_once_settings { /* all but the loop borrowed during run_once_start only */
	uv_loop_t *loop;
	const char *const *argv; /* argv[0]: the program's path; ends with NULL */
	const char *folder; /* where it runs; NULL: "/" */
	unsigned deadline_ms;
	size_t output_bytes_max;
};

struct run_once_result { /* borrowed during the call */
	enum run_once_end end;
	int exit_status; /* EXITED only; 128 and more: it died by that signal above 128 */
	const char *output; /* ends with a 0 that `length` does not count */
	size_t length;
};

struct run_once;

/* Negative errno when it cannot be started: then `done` is not called. Otherwise `done` is called
 * once, never from within, and the struct is gone after it. */
int run_once_start(const struct run_once_settings *settings,
	void (*done)(void *arg, const struct run_once_result *result), void *arg,
	struct run_once **ret_run);
/* Kills it; `done` is not called any more. Freed by its last close callback. Accepts NULL. */
void run_once_cancel(struct run_once *run);

#endif
