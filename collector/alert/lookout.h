/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Falls as they are seen live: remembers when each link went down or silent, and when it came back.
 * Down and silent in a row are one fall. What is neither up nor down begins none; it ends a
 * silence, since news came, but not a link's being down. Pure.
 */
#ifndef PANTAU_ALERT_LOOKOUT_H
#define PANTAU_ALERT_LOOKOUT_H

#include "collector/incident/falls.h"
#include "collector/store/ledger_db.h"

#define LOOKOUT_MEMORY_S \
	7200 /* how long a fall that ended is remembered: flapping shows in an hour */

struct lookout;

struct lookout *lookout_new(void); /* NULL: out of memory */
void lookout_free(struct lookout *lookout); /* NULL is accepted */

/* How a link is shown now. `scopes` of the fall that may begin. 0 or -ENOMEM. */
int lookout_see(struct lookout *lookout, const struct ledger_live *live,
	const uint32_t scopes[FALL_SCOPES], int64_t now_s);
/* Forgets what ended long ago. */
void lookout_forget(struct lookout *lookout, int64_t now_s);

/* `number` is each one's own, from 1. Borrowed until the next call of the three above. */
const struct fall *lookout_falls(const struct lookout *lookout, size_t *ret_count);

#endif
