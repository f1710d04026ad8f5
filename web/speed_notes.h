/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes of what each stream of a speed test moved, on their way to the disk (store/served.h). Who
 * moves streams hands a note over and goes on; one thread writes, and what the disk does not take
 * waits, up to SPEED_NOTES_MAX.
 */
#ifndef PANTAU_WEB_SPEED_NOTES_H
#define PANTAU_WEB_SPEED_NOTES_H

#include "collector/store/served.h"

struct speed_notes;

struct speed_notes_owner { /* borrowed for life */
	const char *state;
	/* What is wrong, without paths, when it begins; "" when it has ended. From any thread, one
	 * at a time; calls nothing in here. */
	void (*tell)(void *arg, const char *words);
	void *arg;
};

int speed_notes_start(
	const struct speed_notes_owner *owner, struct speed_notes **ret_notes, struct err *err);
/* Copies. Never waits for the disk. */
void speed_notes_add(struct speed_notes *notes, const struct served *served);
/* Writes what waits, if it can, and frees. Accepts NULL. */
void speed_notes_stop(struct speed_notes *notes);

#endif
