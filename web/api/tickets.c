/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The NOC's tickets and what a provider was told: GET and POST /api/v1/tickets, POST to
 * /api/v1/tickets/ID/revoke; POST /api/v1/claims/told and to /api/v1/claims/told/ID/revoke.
 */
#include "collector/store/registry_ticket.h"

#include <string.h>

#include "collector/desk/ticket.h"
#include "collector/explain/json_put.h"
#include "common/clock.h"
#include "web/account/scope.h"
#include "web/entry.h"
#include "web/own_rows.h"

/* ---- list */

static void write_ticket(struct json *json, const struct registry_ticket *ticket)
{
	json_object(json, NULL);
	json_number(json, "ticket", ticket->id);
	json_number(json, "link", ticket->link);
	json_put_time(json, "at", ticket->at_s);
	json_put_words(json, "number", ticket->number);
	json_put_time(json, "opened", ticket->opened_s);
	json_put_words(json, "by", ticket->by);
	json_put_time(json, "entered", ticket->entered_s);
	if (ticket->revoked_s)
		json_put_time(json, "revoked", ticket->revoked_s);
	else
		json_null(json, "revoked");
	json_put_words(json, "revoked_by", ticket->revoked_by);
	json_put_words(json, "revoke_note", ticket->revoke_note);
	json_object_end(json);
}

static int see_ticket(void *arg, const struct registry_ticket *ticket)
{
	struct own_rows *rows = arg;

	if (own_has_link(rows->own, ticket->link) && own_rows_wants(rows))
		write_ticket(rows->json, ticket);
	return 0;
}

static int fill(struct registry *registry, int64_t link, struct own_rows *rows, struct err *err)
{
	return registry_tickets(registry, link, see_ticket, rows, err);
}

void api_tickets(struct site *site, const struct request *request, struct response *ret)
{
	static const struct own_rows_kind kind = {"tickets", fill};

	own_rows_answer(site, &kind, request, ret);
}

/* ---- tickets */

static void add(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_ticket ticket = {.opened_s = clock_utc_us() / 1000000};
	struct entry_second second;
	struct err err = {0};
	int64_t id;

	if (!entry_second(books, request, body, &second, ret) ||
		!entry_text(body, "number", ticket.number, sizeof(ticket.number), ret) ||
		!entry_time(body, "opened", second.link.offset_s, &ticket.opened_s, ret))
		return;
	ticket.link = second.link.id;
	ticket.at_s = second.at_s;
	strcpy(ticket.by, request->who->name);
	if (ticket_check(&(struct sla_source){books->registry, books->ledger}, &ticket, &err) < 0 ||
		registry_ticket_add(books->registry, &ticket, &id, &err) < 0)
		entry_failed("ticket", &err, ret);
	else
		entry_made(ret, "ticket", id);
}

void api_ticket_add(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"link", "at", "outage", "number", "opened", NULL};

	entry_change(site, request, known, add, ret);
}

static bool read_revocation(const struct request *request, const struct body *body, int64_t *ret_id,
	struct registry_word *ret_word, struct response *ret)
{
	ret_word->by = request->who->name;
	return entry_id(request, ret_id, ret) && body_need_text(body, "note", &ret_word->note, ret);
}

static void revoke(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_word word;
	struct err err = {0};
	int64_t id;

	if (read_revocation(request, body, &id, &word, ret))
		entry_ended("ticket", registry_ticket_revoke(books->registry, id, &word, &err),
			&err, ret);
}

static const char *const revoke_members[] = {"note", NULL};

void api_ticket_revoke(struct site *site, const struct request *request, struct response *ret)
{
	entry_change(site, request, revoke_members, revoke, ret);
}

/* ---- what a provider was told */

static void tell(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_told told = {.told_s = clock_utc_us() / 1000000};
	struct entry_second second;
	struct err err = {0};
	int64_t id;

	if (!entry_second(books, request, body, &second, ret) ||
		!entry_text(body, "note", told.note, sizeof(told.note), ret) ||
		!entry_time(body, "when", second.link.offset_s, &told.told_s, ret))
		return;
	told.link = second.link.id;
	told.at_s = second.at_s;
	strcpy(told.by, request->who->name);
	if (registry_told_add(books->registry, &told, &id, &err) < 0)
		entry_failed("told", &err, ret);
	else
		entry_made(ret, "told", id);
}

void api_told_add(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"link", "at", "outage", "when", "note", NULL};

	entry_change(site, request, known, tell, ret);
}

struct wanted {
	int64_t id, link;
};

static int see_told(void *arg, const struct registry_told *told)
{
	struct wanted *wanted = arg;

	wanted->link = told->link;
	return told->id == wanted->id;
}

static void untell(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct wanted wanted = {0};
	struct registry_word word;
	struct registry_link link;
	struct err err = {0};

	if (!read_revocation(request, body, &wanted.id, &word, ret))
		return;
	if (!scope_is_all(request->who) &&
		registry_told(books->registry, 0, see_told, &wanted, NULL) == 1 &&
		!books_link(books, request, wanted.link, &link, ret))
		return;
	entry_ended(
		"told", registry_told_revoke(books->registry, wanted.id, &word, &err), &err, ret);
}

void api_told_revoke(struct site *site, const struct request *request, struct response *ret)
{
	entry_change(site, request, revoke_members, untell, ret);
}
