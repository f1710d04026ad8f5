/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /api/v1/incidents/ID/acknowledge, /comment and /ticket: what the NOC says of an incident. A
 * remark stands at its first link; a ticket at each that fell: each has its own time to repair.
 */
#include "collector/incident/incidents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/desk/ticket.h"
#include "collector/store/registry_remark.h"
#include "common/clock.h"
#include "web/account/scope.h"
#include "web/entry.h"

static int64_t now_s(void)
{
	return clock_utc_us() / 1000000;
}

/* An officer's word is about their own kabupaten. */
static bool reaches(const struct incidents *incidents, const struct incident *incident,
	const struct principal *who)
{
	size_t place = (size_t)(incident - incidents->items);

	if (scope_is_all(who))
		return true;
	for (size_t i = 0; i < incidents->fall_count; i++) {
		const struct fall *fall = &incidents->falls[i];

		if (fall->incident == place &&
			scope_has_region(who, atlas_find(incidents->atlas, fall->link)->code))
			return true;
	}
	return false;
}

/* Reads the books as they are now. False: said why. The caller calls incidents_done(). */
static bool find(const struct books *books, const struct request *request,
	struct incidents *ret_incidents, const struct incident **ret_incident, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct err err = {0};
	int64_t link, at_s;

	if (incident_id_parse(request->segments[0], &link, &at_s) < 0) {
		response_error(ret, 404, "no such incident");
		return false;
	}
	if (incidents_read(&source, at_s, now_s(), ret_incidents, &err) < 0) {
		books_failed("incident", &err, ret);
		return false;
	}
	*ret_incident = incidents_find(ret_incidents, link, at_s);
	if (*ret_incident && reaches(ret_incidents, *ret_incident, request->who))
		return true;
	incidents_done(ret_incidents);
	response_error(ret, 404, "no such incident");
	return false;
}

/* ---- remarks */

static void remark(const struct books *books, const struct request *request,
	struct registry_remark *remark, struct response *ret)
{
	const struct incident *incident;
	struct incidents incidents;
	struct err err = {0};
	int64_t id;

	if (!find(books, request, &incidents, &incident, ret))
		return;
	remark->link = incidents.falls[incident->first].link;
	remark->at_s = incidents.falls[incident->first].from_s;
	snprintf(remark->by, sizeof(remark->by), "%s", request->who->name);
	if (registry_remark_add(books->registry, remark, &id, &err) < 0)
		entry_failed("remark", &err, ret);
	else
		entry_made(ret, "remark", id);
	incidents_done(&incidents);
}

static void acknowledge(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_remark said = {.acknowledged = true};

	if (body_has(body, "note") && !entry_text(body, "note", said.note, sizeof(said.note), ret))
		return;
	remark(books, request, &said, ret);
}

static void comment(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_remark said = {0};

	if (entry_text(body, "note", said.note, sizeof(said.note), ret))
		remark(books, request, &said, ret);
}

static const char *const note_members[] = {"note", NULL};

void api_incident_acknowledge(
	struct site *site, const struct request *request, struct response *ret)
{
	entry_change(site, request, note_members, acknowledge, ret);
}

void api_incident_comment(struct site *site, const struct request *request, struct response *ret)
{
	entry_change(site, request, note_members, comment, ret);
}

/* ---- tickets */

/* Times without a zone are meant in that of its first link. */
static int32_t zone_of(const struct incidents *incidents, const struct incident *incident)
{
	return atlas_find(incidents->atlas, incidents->falls[incident->first].link)->offset_s;
}

struct opening { /* of one ticket for many links */
	const struct incidents *incidents;
	size_t place; /* of the incident */
	struct registry_ticket ticket; /* as each will be but for link and second */
	struct registry_ticket *tickets; /* for those that do not have it */
	size_t count;
};

struct holder {
	const char *number;
	bool found;
};

static int see_ticket(void *arg, const struct registry_ticket *ticket)
{
	struct holder *holder = arg;

	holder->found = !ticket->revoked_s && strcmp(ticket->number, holder->number) == 0;
	return holder->found;
}

/* An incident that has grown since: its first links have the ticket already. */
static int add_fall(struct registry *registry, const struct fall *fall, struct opening *opening,
	struct err *err)
{
	struct holder holder = {.number = opening->ticket.number};
	struct registry_ticket *ticket = &opening->tickets[opening->count];
	int r = registry_tickets(registry, fall->link, see_ticket, &holder, err);

	if (r < 0 || holder.found)
		return r < 0 ? r : 0;
	*ticket = opening->ticket;
	ticket->link = fall->link;
	ticket->at_s = fall->from_s;
	opening->count++;
	return 0;
}

static bool has_link(const struct opening *opening, int64_t link)
{
	for (size_t i = 0; i < opening->count; i++) {
		if (opening->tickets[i].link == link)
			return true;
	}
	return false;
}

static int add_tickets(struct registry *registry, struct opening *opening, struct err *err)
{
	const struct incidents *incidents = opening->incidents;
	int r = 0;

	opening->tickets = calloc(incidents->fall_count, sizeof(*opening->tickets));
	if (!opening->tickets)
		return err_errno(err, -ENOMEM, "tickets");
	for (size_t i = 0; r == 0 && i < incidents->fall_count; i++) {
		const struct fall *fall = &incidents->falls[i];

		if (fall->incident == opening->place && !has_link(opening, fall->link))
			r = add_fall(registry, fall, opening, err);
	}
	if (r == 0 && opening->count)
		r = registry_tickets_add(registry, opening->tickets, opening->count, err);
	free(opening->tickets);
	return r;
}

static void ticket(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct opening opening = {.ticket = {.opened_s = now_s()}};
	struct registry_ticket *ticket = &opening.ticket;
	const struct incident *incident;
	struct incidents incidents;
	struct err err = {0};

	if (!entry_text(body, "number", ticket->number, sizeof(ticket->number), ret) ||
		!find(books, request, &incidents, &incident, ret))
		return;
	snprintf(ticket->by, sizeof(ticket->by), "%s", request->who->name);
	opening.incidents = &incidents;
	opening.place = (size_t)(incident - incidents.items);
	if (!entry_time(body, "opened", zone_of(&incidents, incident), &ticket->opened_s, ret))
		; /* said why */
	else if (ticket_check_opened(ticket, incident->from_s, &err) < 0 ||
		add_tickets(books->registry, &opening, &err) < 0)
		entry_failed("ticket", &err, ret);
	else
		entry_made(ret, "links", (int64_t)opening.count);
	incidents_done(&incidents);
}

void api_incident_ticket(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"number", "opened", NULL};

	entry_change(site, request, known, ticket, ret);
}
