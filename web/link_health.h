/* SPDX-License-Identifier: Apache-2.0 */
/* How the device that measures a link fares, as JSON: clock, spool, data that its tests used. */
#ifndef PANTAU_WEB_LINK_HEALTH_H
#define PANTAU_WEB_LINK_HEALTH_H

#include "common/json.h"
#include "web/filter.h"

/* The members `health` (null: nobody measures it now) and `data`. 0 or a negative errno. */
int link_health_write(const struct books *books, const struct registry_link *link, int64_t now_s,
	struct json *json, struct err *err);

#endif
