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
	note->link = link;
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

struct telling { /* of one incident, to somebody */
	const struct incident_notes *notes;
	size_t incident;
	bool (*is_theirs)(const void *arg, int64_t link);
	const void *arg;
};

static bool is_told(const struct telling *telling, const struct incident_note *note)
{
	return note->incident == telling->incident && telling->is_theirs(telling->arg, note->link);
}

static void write_remarks(const struct telling *telling, struct json *json)
{
	json_array(json, "remarks");
	for (size_t i = 0; i < telling->notes->count; i++) {
		const struct incident_note *note = &telling->notes->items[i];

		if (note->is_ticket || !is_told(telling, note))
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
static bool was_told(const struct telling *telling, size_t i)
{
	const struct incident_note *items = telling->notes->items;

	for (size_t j = 0; j < i; j++)
		if (items[j].is_ticket && is_told(telling, &items[j]) &&
			!strcmp(items[j].text, items[i].text))
			return true;
	return false;
}

static void write_tickets(const struct telling *telling, struct json *json)
{
	const struct incident_note *items = telling->notes->items;

	json_array(json, "tickets");
	for (size_t i = 0; i < telling->notes->count; i++)
		if (items[i].is_ticket && is_told(telling, &items[i]) && !was_told(telling, i))
			json_text(json, NULL, items[i].text);
	json_array_end(json);
}

void incident_notes_write(const struct incident_notes *notes, size_t incident,
	bool (*is_theirs)(const void *arg, int64_t link), const void *arg, struct json *json)
{
	const struct telling telling = {notes, incident, is_theirs, arg};

	write_acknowledgement(notes, incident, json);
	write_remarks(&telling, json);
	write_tickets(&telling, json);
}
