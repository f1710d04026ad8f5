/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The incidents of a time, from the books: outages as they are counted, silences as they are shown
 * now, grouped by falls_group(). How often links usually fall is what they did in the four weeks
 * before `to_s`. The same books give the same incidents.
 */
#ifndef PANTAU_INCIDENT_INCIDENTS_H
#define PANTAU_INCIDENT_INCIDENTS_H

#include "collector/incident/atlas.h"
#include "collector/store/sla.h"

#define INCIDENTS_USUAL_S (28 * 86400)

struct incidents {
	struct atlas *atlas;
	struct fall *falls; /* grouped; those of an incident have its place */
	size_t fall_count;
	struct incident *items; /* those that lasted into [from_s, to_s) and all before them */
	size_t count;
};

/* Of all links: what belongs together is not known from a part. Caller calls incidents_done(). */
int incidents_read(const struct sla_source *source, int64_t from_s, int64_t to_s,
	struct incidents *ret_incidents, struct err *err);
void incidents_done(struct incidents *incidents);

/* Whether it lasted into the time that was asked for. */
bool incidents_is_within(const struct incident *incident, int64_t from_s, int64_t to_s);
/* The incident in which this link was fallen at this second; NULL: none. */
const struct incident *incidents_find(
	const struct incidents *incidents, int64_t link, int64_t at_s);

/* An incident's name for as long as its first fall keeps its beginning: "17-1767225600". */
#define INCIDENT_ID_BYTES 48
void incident_id_format(const struct incidents *incidents, const struct incident *incident,
	char ret_id[INCIDENT_ID_BYTES]);
/* -EINVAL: it is none. */
int incident_id_parse(const char *id, int64_t *ret_link, int64_t *ret_at_s);

#endif
