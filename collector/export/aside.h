/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that a store refuses for good, kept in a file beside the ledger: what was refused, when and
 * why, as comments and lines that can be sent again as they are. It has a limit; then the file
 * before it goes.
 *
 *	# 2026-01-31T16:00:00Z http://127.0.0.1:8086: answer 400: partial write: ...
 *	pantau_slot,desa=64.08.05.2001,... rounds=6i,... 1767196800
 */
#ifndef PANTAU_EXPORT_ASIDE_H
#define PANTAU_EXPORT_ASIDE_H

#include <stddef.h>

#include "common/err.h"

#define ASIDE_NAME "export-refused.lines" /* in the state folder; the one before: NAME.old */

struct aside;

struct aside *aside_new(const char *state); /* NULL: out of memory */
void aside_free(struct aside *aside);
/* Lines, each with its line feed, and why. */
int aside_put(
	struct aside *aside, const char *lines, size_t length, const char *why, struct err *err);

#endif
