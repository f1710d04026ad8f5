/* SPDX-License-Identifier: Apache-2.0 */
/* Why an agent began anew, in one word: what its start says, against how the run before ended. */
#ifndef PANTAU_LEDGER_START_WORD_H
#define PANTAU_LEDGER_START_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/model.h"

enum start_word {
	START_FIRST, /* nothing is known before it */
	START_POWER, /* the router had lost its power */
	START_REBOOT, /* it was asked to boot anew */
	START_WATCHDOG, /* the watchdog ended the boot before */
	START_PANIC, /* its kernel did */
	START_CRASH, /* the agent died; the router went on */
	START_UPGRADE, /* another software than the run before */
	START_RESTART, /* the agent was asked to; the router went on */
	START_WORD_COUNT
};

struct start_facts {
	bool first; /* there was no run before; nothing below means anything */
	bool same_boot; /* as the run before */
	bool stopped; /* the run before ended with a Stop */
	bool other_software; /* than the run before */
	uint8_t reset; /* enum reset, of this start */
};

enum start_word start_word_of(const struct start_facts *facts);
const char *start_word_name(enum start_word word); /* borrowed for ever */

#endif
