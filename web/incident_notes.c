/* SPDX-License-Identifier: Apache-2.0 */
#include "web/incident_notes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/explain/json_put.h"

struct reading {
	const struct incidents *incidents;
	struct incident_notes *into;
	struct err *err;
};

static int add(struct reading *reading, int64_t link, int64_t at_s, struct incident_note *note)
{
	struct incident_notes *into = reading->into;
	const struct incident *incident = incidents_find(reading->incidents, link, at_s);

	if (!incident)
		return 0; /* of an older one, or of nothing any more */
	note->incident = (size_t)(incident - reading->incidents->items);
	if (into->count == into->room) {
		size_t room = into->room ? 2 * into->room : 16;
		struct incident_note *larger = reallocarray(into->items, room, sizeof(*larger));

		if (!larger)
			return err_errno(reading->err, -ENOMEM, "incidents");
		into->items = larger;
		into->room = room;
	}
	into->items[into->count++] = *note;
	return 0;
}

static int see_remark(void *arg, const struct registry_remark *remark)
{
	struct incident_note note = {
		.acknowledged = remark->acknowledged, .said_s = remark->entered_s};

	snprintf(note.text, sizeof(note.text), "%s", remark->note);
	snprintf(note.by, sizeof(note.by), "%s", remark->by);
	return add(arg, remark->link, remark->at_s, &note);
}

static int see_ticket(void *arg, const struct registry_ticket *ticket)
{
	struct incident_note note = {.is_ticket = true, .said_s = ticket->opened_s};

	if (ticket->revoked_s)
		return 0;
	snprintf(note.text, sizeof(note.text), "%s", ticket->number);
	snprintf(note.by, sizeof(note.by), "%s", ticket->by);
	return add(arg, ticket->link, ticket->at_s, &note);
}

int incident_notes_read(struct registry *registry, const struct incidents *incidents,
	struct incident_notes *ret_notes, struct err *err)
{
	struct reading reading = {incidents, ret_notes, err};
	int r = registry_remarks(registry, 0, see_remark, &reading, err);

	return r < 0 ? r : registry_tickets(registry, 0, see_ticket, &reading, err);
}

void incident_notes_done(struct incident_notes *notes)
{
	free(notes->items);
	notes->items = NULL;
	notes->count = notes->room = 0;
}

/* ---- as JSON */

static void write_acknowledgement(
	const struct incident_notes *notes, size_t incident, struct json *json)
{
	const struct incident_note *first = NULL;

	for (size_t i = 0; i < notes->count; i++) {
		const struct incident_note *note = &notes->items[i];

		if (note->incident == incident && note->acknowledged &&
			(!first || note->said_s < first->said_s))
			first = note;
	}
	if (!first) {
		json_null(json, "acknowledged");
		return;
	}
	json_object(json, "acknowledged");
	json_text(json, "by", first->by);
	json_put_time(json, "at", first->said_s);
	json_object_end(json);
}

static void write_remarks(const struct incident_notes *notes, size_t incident, struct json *json)
{
	json_array(json, "remarks");
	for (size_t i = 0; i < notes->count; i++) {
		const struct incident_note *note = &notes->items[i];

		if (note->incident != incident || note->is_ticket)
			continue;
		json_object(json, NULL);
		json_text(json, "by", note->by);
		json_put_time(json, "at", note->said_s);
		json_bool(json, "acknowledged", note->acknowledged);
		json_put_words(json, "note", note->text);
		json_object_end(json);
	}
	json_array_end(json);
}

/* A ticket of many links is one number. */
static bool was_told(const struct incident_notes *notes, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (notes->items[j].incident == notes->items[i].incident &&
			notes->items[j].is_ticket &&
			!strcmp(notes->items[j].text, notes->items[i].text))
			return true;
	return false;
}

void incident_notes_write(const struct incident_notes *notes, size_t incident, struct json *json)
{
	write_acknowledgement(notes, incident, json);
	write_remarks(notes, incident, json);
	json_array(json, "tickets");
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].incident == incident && notes->items[i].is_ticket &&
			!was_told(notes, i))
			json_text(json, NULL, notes->items[i].text);
	json_array_end(json);
}
