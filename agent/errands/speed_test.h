/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One speed test over one WAN: a second of echoes while nothing loads the link, then the helper,
 * with echoes beside it. Knows no rhythm, no budget and no lease: agent/errands/speed.c has them.
 */
#ifndef PANTAU_AGENT_ERRANDS_SPEED_TEST_H
#define PANTAU_AGENT_ERRANDS_SPEED_TEST_H

#include <stdbool.h>
#include <uv.h>

#include "agent/errands/sample_text.h"
#include "agent/probes/probers.h"

struct speed_test_settings { /* its texts borrowed until the end; loop and probers outlive it */
	uv_loop_t *loop;
	const char *helper; /* [agent] helper */
	const char *server; /* [speed] server */
	long long down_bytes, up_bytes;
	bool public_only;
	const char *interface; /* NULL: as the routing table says */
	const uint8_t *boot; /* BOOT_BYTES */
	const char *wan;
	uint32_t lease_s; /* it ends within them; 0: nobody set a time */
	const struct probers *probers; /* NULL: no echoes */
	struct probe_request echo; /* whom; address length 0: no echoes */
};

struct speed_test;

/* -ENOENT: the helper is not installed. Else `done` is called once, later; both are borrowed during
 * the call, and the struct is gone then. */
int speed_test_start(const struct speed_test_settings *settings,
	void (*done)(void *arg, const struct speed *speed, const struct sample_detail *detail),
	void *arg, struct speed_test **ret_test);
/* Within `done`: whether the helper told of its end itself, or never ran. If not, nobody knows
 * what it moved. */
bool speed_test_is_told(const struct speed_test *test);
/* `done` is not called any more. Accepts NULL. */
void speed_test_cancel(struct speed_test *test);
/* The record of a test that was not begun. */
void speed_test_skipped(const struct speed_test_settings *settings, enum speed_reason reason,
	struct speed *ret_speed);

#endif
