/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Service hours: the part of the week that a contract counts, in the link's local time. They clip
 * a month; they never cut a run (sla.md sections 2 and 3).
 *
 *   mon-fri@08:00-16:00,sat@08:00-12:00    as a person writes it
 *   22:00-06:00                            every day, past midnight into the next one
 *   always                                 the default: no window at all
 */
#ifndef PANTAU_LEDGER_SERVICE_H
#define PANTAU_LEDGER_SERVICE_H

#include "collector/ledger/span.h"

#define SERVICE_WINDOWS_MAX 14 /* two a weekday */
#define SERVICE_TEXT_BYTES (SERVICE_WINDOWS_MAX * 20 + 1) /* "mon-fri@08:00-16:00," each */

struct service_window {
	uint8_t first, last; /* weekdays, 0 Monday to 6 Sunday; first > last goes over Sunday */
	uint32_t from_s; /* of the local day, whole minutes, below 86,400 */
	uint32_t to_s; /* more than from_s; beyond 86,400 it lies in the next day */
};

struct service {
	uint32_t count; /* 0: always */
	struct service_window windows[SERVICE_WINDOWS_MAX]; /* may overlap: their union counts */
};

/* -EINVAL: not of the form above. */
int service_parse(const char *text, struct service *ret_service);
/* Back into the same form: what is parsed again is the same. */
void service_format(const struct service *service, char ret_text[SERVICE_TEXT_BYTES]);

/* The seconds of `within` (which has an end) that lie in service hours, for a zone `offset_s` east
 * of UTC. `ret` must be empty. 0 or -ENOMEM. */
int service_spans(const struct service *service, const struct span *within, int32_t offset_s,
	struct spans *ret);

#endif
