/* SPDX-License-Identifier: Apache-2.0 */
/* What people said of incidents: remarks and tickets of any link in them. */
#ifndef PANTAU_WEB_INCIDENT_NOTES_H
#define PANTAU_WEB_INCIDENT_NOTES_H

#include "collector/incident/incidents.h"
#include "collector/store/registry_remark.h"
#include "collector/store/registry_ticket.h"
#include "common/json.h"

struct incident_note {
	size_t incident; /* its place */
	int64_t link; /* at which it was said */
	bool is_ticket;
	bool acknowledged;
	char text[REGISTRY_NOTE_BYTES]; /* the note, or the ticket's number */
	char by[REGISTRY_NAME_BYTES];
	int64_t said_s;
};

struct incident_notes {
	struct incident_note *items;
	size_t count, room;
};

int incident_notes_read(struct registry *registry, const struct incidents *incidents,
	struct incident_notes *ret_notes, struct err *err);
void incident_notes_done(struct incident_notes *notes);
/* The members `acknowledged`, `remarks` and `tickets` of one incident. Who may not see all gets the
 * words that were said at links of theirs; that somebody takes care is told to all. */
void incident_notes_write(const struct incident_notes *notes, size_t incident,
	bool (*is_theirs)(const void *arg, int64_t link), const void *arg, struct json *json);

#endif
