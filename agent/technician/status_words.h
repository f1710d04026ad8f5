/* SPDX-License-Identifier: Apache-2.0 */
/* `pantau-agent status`: the state in at most a dozen short lines, with one piece of advice for
 * each trouble. */
#ifndef PANTAU_AGENT_STATUS_WORDS_H
#define PANTAU_AGENT_STATUS_WORDS_H

#include <stdio.h>

#include "agent/technician/status.h"
#include "agent/technician/words.h"

enum status_verdict { /* exit codes for scripts: kept for ever */
	STATUS_WELL = 0,
	STATUS_UNDELIVERED = 3, /* it measures, and the collector is not reached */
	STATUS_LINK_DOWN = 4, /* a WAN does not answer */
	STATUS_NOT_RUNNING = 5, /* or hangs */
};

struct status_now { /* what the file cannot tell */
	uint64_t now_us; /* monotonic */
	bool process_lives;
};

/* Whether the process that wrote it into the folder is there. */
bool status_process_lives(const struct status *status, const char *folder);
/* `status` NULL: there is no file. */
enum status_verdict status_judge(const struct status *status, const struct status_now *now);
enum status_verdict status_tell(const struct status *status, const struct status_now *now,
	enum language language, FILE *out);

/* Reads the file of this folder and tells. A verdict, or a negative errno with words. */
int status_print(const char *folder, enum language language, FILE *out, struct err *err);

#endif
