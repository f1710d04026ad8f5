/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a store that says "taken" has what it took: VictoriaMetrics by its counters of dropped
 * rows, before the first write and then every few seconds while points go there; InfluxDB 1.x by
 * looking for a point at its time, because one that lost its precision on the way lies in 1970.
 */
#ifndef PANTAU_EXPORT_CHECKS_H
#define PANTAU_EXPORT_CHECKS_H

#include "collector/export/parcel.h"

#define CHECK_EVERY_US 5000000 /* the page of counters is 35 KB and more */

struct checks;

struct checks *checks_new(struct influx *influx); /* borrows; NULL: out of memory */
void checks_free(struct checks *checks);

/* Between two writes. */
void checks_before(struct checks *checks);
/* A batch was taken. -EAGAIN with words: it must be sent again, once the store is mended. */
int checks_after(struct checks *checks, const struct parcel *parcel, struct err *err);
/* The store was away: it may be another one now. */
void checks_reset(struct checks *checks);

uint64_t checks_dropped(const struct checks *checks);
const char *checks_warning(const struct checks *checks); /* "" nothing is known to be wrong */

#endif
