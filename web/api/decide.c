/* SPDX-License-Identifier: Apache-2.0 */
/* POST /api/v1/decisions/dispute: whose word counts; /revoke: a decision taken back. */
#include <stdio.h>
#include <string.h>

#include "collector/desk/dispute.h"
#include "collector/desk/item.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/account/scope.h"
#include "web/entry.h"

/* ---- disputes */

static bool read_settlement(const struct request *request, const struct body *body,
	struct registry_settlement *settlement, struct response *ret)
{
	const struct param_range agents = {1, UINT32_MAX};
	struct err err = {0};
	int32_t wita_s = 0;
	int64_t agent = 0;

	civil_zone("WITA", &wita_s);
	if (!body_number(body, "agent", agents, &agent, ret) ||
		!entry_text(body, "accept", settlement->accept, sizeof(settlement->accept), ret) ||
		!entry_text(body, "note", settlement->note, sizeof(settlement->note), ret) ||
		!entry_time(body, "from", wita_s, &settlement->from_s, ret) ||
		!entry_time(body, "to", wita_s, &settlement->to_s, ret))
		return false;
	settlement->agent = (uint32_t)agent;
	strcpy(settlement->by, request->who->name);
	if (dispute_check_accept(settlement->accept, &err) < 0) {
		response_bad_param(ret, "accept", settlement->accept, err.text);
		return false;
	}
	return true;
}

struct whose {
	const struct books *books;
	const struct request *request;
	struct response *ret;
};

static int see_binding(void *arg, const struct registry_binding *binding)
{
	struct whose *whose = arg;
	struct registry_link link;

	return !books_link(whose->books, whose->request, binding->link, &link, whose->ret);
}

/* All links that the agent ever measured are theirs. */
static bool agent_is_theirs(const struct books *books, const struct request *request,
	uint32_t agent, struct response *ret)
{
	struct whose whose = {books, request, ret};
	struct err err = {0};
	int r;

	if (scope_is_all(request->who))
		return true;
	r = registry_bindings(books->registry, agent, see_binding, &whose, &err);
	if (r < 0)
		books_failed("bindings", &err, ret);
	return r == 0;
}

static void dispute(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	const struct sla_source source = {books->registry, books->ledger};
	struct registry_settlement settlement = {0};
	struct err err = {0};
	int64_t id = 0;
	int r;

	if (!read_settlement(request, body, &settlement, ret) ||
		!agent_is_theirs(books, request, settlement.agent, ret))
		return;
	r = dispute_find(&source, &settlement, &err);
	if (r == 0)
		r = registry_settlement_add(books->registry, &settlement, &id, &err);
	if (r < 0)
		entry_failed("settlement", &err, ret);
	else
		entry_made(ret, "dispute", id);
}

void api_decisions_dispute(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"agent", "from", "to", "accept", "note", NULL};

	entry_change(site, request, known, dispute, ret);
}

/* ---- revoke */

struct wanted {
	int64_t id;
	struct registry_dismissal dismissal;
	struct registry_settlement settlement;
};

static int see_dismissal(void *arg, const struct registry_dismissal *dismissal)
{
	struct wanted *wanted = arg;

	wanted->dismissal = *dismissal;
	return dismissal->id == wanted->id;
}

static int see_settlement(void *arg, const struct registry_settlement *settlement)
{
	struct wanted *wanted = arg;

	wanted->settlement = *settlement;
	return settlement->id == wanted->id;
}

static bool dismissal_is_theirs(
	const struct books *books, const struct request *request, int64_t id, struct response *ret)
{
	struct wanted wanted = {.id = id};
	struct item_name name;
	struct registry_link link;

	if (scope_is_all(request->who) ||
		registry_dismissals(books->registry, see_dismissal, &wanted, NULL) != 1)
		return true; /* one that is not there is for the registry to say */
	if (item_parse(wanted.dismissal.item, &name, NULL) == 0 && name.kind != INBOX_EXCLUSION)
		return books_link(books, request, name.numbers[0], &link, ret);
	if (strcmp(wanted.dismissal.by, request->who->name) == 0)
		return true;
	scope_refuse(request->who, wanted.dismissal.item, ret);
	return false;
}

static bool settlement_is_theirs(
	const struct books *books, const struct request *request, int64_t id, struct response *ret)
{
	struct wanted wanted = {.id = id};

	return registry_settlements(books->registry, 0, see_settlement, &wanted, NULL) != 1 ||
		agent_is_theirs(books, request, wanted.settlement.agent, ret);
}

static void revoke(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	const struct param_range ids = {1, INT64_MAX};
	struct registry_word word = {.by = request->who->name};
	int64_t dismissal = 0, settlement = 0;
	struct err err = {0};

	if (!body_number(body, "dismissal", ids, &dismissal, ret) ||
		!body_number(body, "dispute", ids, &settlement, ret) ||
		!body_need_text(body, "note", &word.note, ret))
		return;
	if (!dismissal == !settlement)
		response_error(ret, 400, "give one of dismissal and dispute");
	else if (dismissal && dismissal_is_theirs(books, request, dismissal, ret))
		entry_ended("dismissal",
			registry_dismissal_revoke(books->registry, dismissal, &word, &err), &err,
			ret);
	else if (settlement && settlement_is_theirs(books, request, settlement, ret))
		entry_ended("settlement",
			registry_settlement_revoke(books->registry, settlement, &word, &err), &err,
			ret);
}

void api_decisions_revoke(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"dismissal", "dispute", "note", NULL};

	entry_change(site, request, known, revoke, ret);
}
