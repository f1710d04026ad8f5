/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at the books: how each link is shown, which falls that makes, and what is new for the
 * desk.
 */
#ifndef PANTAU_ALERT_LOOK_H
#define PANTAU_ALERT_LOOK_H

#include "collector/alert/courier.h"
#include "collector/alert/habit.h"
#include "collector/alert/lookout.h"

struct look {
	const char *state; /* borrowed */
	struct office *office; /* borrowed; its desk is stepped, its atlas replaced */
	struct lookout *lookout;
	struct habits habits;
	int64_t registry_sequence; /* the atlas is as of this one */
	int64_t last_s; /* UTC; 0: the first look */
	uint64_t last_fall; /* number of the newest that the habits know */
	bool read_file; /* alerts.json was read */
	uint64_t renewals_us; /* certificates are not looked at before; since boot */
};

int look_init(struct look *look, const char *state, struct office *office, struct err *err);
void look_done(struct look *look);
/* Takes the office's lock while it steps. Negative errno with words: nothing was seen. */
int look_once(struct look *look, struct err *err);

#endif
