/* SPDX-License-Identifier: Apache-2.0 */
/* How the device that measures a link fares, as JSON: clock, spool, data that its tests used. Asks
 * the ingesting process what of it waits. */
#ifndef PANTAU_WEB_LINK_HEALTH_H
#define PANTAU_WEB_LINK_HEALTH_H

#include "common/json.h"
#include "web/filter.h"

struct link_health_ask { /* borrowed */
	const struct registry_link *link;
	const char *state; /* the folder */
	int64_t now_s;
};

/* The members `health` (null: nobody measures it now), `flags` (null: none is open) and `data`. 0
 * or a negative errno. */
int link_health_write(const struct books *books, const struct link_health_ask *ask,
	struct json *json, struct err *err);

#endif
