/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /api/v1/decisions/dismiss: many items of the inbox need nothing. All or none; with `each`
 * those that can be, and an answer for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/desk/item.h"
#include "collector/explain/json_put.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/account/scope.h"
#include "web/entry.h"
#include "web/their_exclusion.h"

#define WORDS_BYTES 320 /* an error's, whole */

struct pile { /* what is dismissed in one go */
	const char *month;
	const char **items; /* borrowed from the body */
	size_t count;
	struct registry_word word;
	bool each; /* an answer for each; otherwise all or none */
};

static bool read_pile(const struct request *request, const struct body *body, struct pile *pile,
	struct response *ret)
{
	int64_t from_s, to_s;

	pile->word.by = request->who->name;
	if (!body_need_text(body, "month", &pile->month, ret) ||
		!body_need_text(body, "note", &pile->word.note, ret) ||
		!body_flag(body, "each", &pile->each, ret) ||
		!body_list(body, "items", &pile->count, ret))
		return false;
	if (civil_month(pile->month, 0, &from_s, &to_s, NULL) < 0) {
		response_bad_param(ret, "month", pile->month, "must be YYYY-MM, such as 2026-01");
		return false;
	}
	pile->items = calloc(pile->count, sizeof(*pile->items));
	if (!pile->items) {
		response_error(ret, 503, "no memory for the list");
		return false;
	}
	for (size_t i = 0; i < pile->count; i++)
		pile->items[i] = body_list_text(body, "items", i);
	return true;
}

/* Every item is in the inbox of the month, as they see it who ask. */
static bool check_items(const struct inbox *inbox, const struct pile *pile, struct response *ret)
{
	for (size_t i = 0; i < pile->count; i++) {
		struct item_name name;
		struct err err = {0};

		if (item_parse(pile->items[i], &name, &err) < 0) {
			response_bad_param(ret, "items", pile->items[i], err.text);
			return false;
		}
		if (!inbox_find(inbox, pile->items[i])) {
			response_bad_param(
				ret, "items", pile->items[i], "is not in your inbox of this month");
			ret->status = 404;
			return false;
		}
	}
	return true;
}

static bool is_theirs(const struct books *books, const struct request *request,
	const struct item_name *name, struct response *ret)
{
	struct registry_exclusion exclusion;
	struct registry_link link;

	if (scope_is_all(request->who))
		return true;
	if (name->kind == INBOX_EXCLUSION)
		return their_exclusion_find(books, request, name->numbers[0], &exclusion, ret);
	return books_link(books, request, name->numbers[0], &link, ret);
}

/* Whose they are is asked before whether they are there. */
static bool are_theirs(const struct books *books, const struct request *request,
	const struct pile *pile, struct response *ret)
{
	for (size_t i = 0; i < pile->count; i++) {
		struct item_name name;

		if (item_parse(pile->items[i], &name, NULL) == 0 && /* check_items() says if not */
			!is_theirs(books, request, &name, ret))
			return false;
	}
	return true;
}

struct sitting { /* a pile on the desk, beside the inbox as they see it who decide */
	const struct books *books;
	const struct request *request;
	const struct inbox *inbox;
	const struct pile *pile;
};

static int enter(
	const struct sitting *sitting, const char *const *items, size_t count, struct err *err)
{
	return registry_dismissals_add(
		sitting->books->registry, items, count, &sitting->pile->word, err);
}

static void dismiss_all(const struct sitting *sitting, struct response *ret)
{
	const struct pile *pile = sitting->pile;
	struct err err = {0};

	if (are_theirs(sitting->books, sitting->request, pile, ret) &&
		check_items(sitting->inbox, pile, ret))
		entry_ended("dismissal", enter(sitting, pile->items, pile->count, &err), &err, ret);
}

/* ---- each by itself */

struct ruling { /* on one item */
	unsigned status; /* as if it had been asked alone: 204 is well */
	const char *code; /* of the refusal */
	char words[WORDS_BYTES]; /* what is against it */
};

static void refuse(struct ruling *ruling, unsigned status, const char *words)
{
	ruling->status = status;
	ruling->code = status == 403 ? "not-yours" : response_code(status);
	snprintf(ruling->words, sizeof(ruling->words), "%s", words);
}

static bool has_twin(const struct pile *pile, size_t place)
{
	for (size_t i = 0; i < place; i++) {
		if (strcmp(pile->items[i], pile->items[place]) == 0)
			return true;
	}
	return false;
}

static void judge(const struct sitting *sitting, const char *item, struct ruling *ret)
{
	const struct inbox_item *found = inbox_find(sitting->inbox, item);
	struct response unsaid; /* its words are for who asked for one alone */
	struct item_name name;
	struct err err = {0};

	response_init(&unsaid);
	*ret = (struct ruling){.status = 204};
	if (item_parse(item, &name, &err) < 0)
		refuse(ret, 400, err.text);
	else if (!is_theirs(sitting->books, sitting->request, &name, &unsaid))
		refuse(ret, unsaid.status, "it reaches what is not yours, or there is none");
	else if (!found)
		refuse(ret, 404, "it is not in your inbox of this month any more");
	else if (found->dismissal)
		refuse(ret, 409, "it was dismissed before");
	response_done(&unsaid);
}

static void write_rulings(
	const struct pile *pile, const struct ruling *rulings, struct response *ret)
{
	struct json json;

	response_json(ret, &json);
	json_array(&json, "results");
	for (size_t i = 0; i < pile->count; i++) {
		json_object(&json, NULL);
		json_text(&json, "item", pile->items[i]);
		json_number(&json, "status", rulings[i].status);
		json_put_words(&json, "error", rulings[i].words);
		json_put_words(&json, "code", rulings[i].code ? rulings[i].code : "");
		json_object_end(&json);
	}
	json_array_end(&json);
	response_json_end(ret, &json);
}

/* The sound ones, in one change, so that many cost no more than one. Another's word on one of them
 * since the look lets none of them in: the page asks again. */
static void dismiss_sound(
	const struct sitting *sitting, struct ruling *rulings, struct response *ret)
{
	const struct pile *pile = sitting->pile;
	const char **sound = calloc(pile->count, sizeof(*sound));
	struct err err = {0};
	size_t count = 0;

	if (!sound) {
		response_error(ret, 503, "no memory for the list");
		return;
	}
	for (size_t i = 0; i < pile->count; i++) {
		judge(sitting, pile->items[i], &rulings[i]);
		if (rulings[i].status == 204 && has_twin(pile, i))
			refuse(&rulings[i], 409, "it is there twice");
		if (rulings[i].status == 204)
			sound[count++] = pile->items[i];
	}
	if (count && enter(sitting, sound, count, &err) < 0)
		entry_failed("dismissal", &err, ret);
	else
		write_rulings(pile, rulings, ret);
	free(sound);
}

static void dismiss_each(const struct sitting *sitting, struct response *ret)
{
	struct ruling *rulings = calloc(sitting->pile->count, sizeof(*rulings));

	if (rulings)
		dismiss_sound(sitting, rulings, ret);
	else
		response_error(ret, 503, "no memory for the list");
	free(rulings);
}

static void dismiss_pile(const struct books *books, const struct request *request,
	const struct pile *pile, struct response *ret)
{
	struct sla_query query = {.month = pile->month, .as_of_s = clock_utc_us() / 1000000};
	struct err err = {0};
	struct inbox inbox;
	const struct sitting sitting = {books, request, &inbox, pile};

	if (!scope_narrow(request->who, &query.filter, ret))
		return;
	if (inbox_gather(&(struct sla_source){books->registry, books->ledger}, &query, &inbox,
		    &err) < 0) {
		books_failed("decisions", &err, ret);
		return;
	}
	if (pile->each)
		dismiss_each(&sitting, ret);
	else
		dismiss_all(&sitting, ret);
	inbox_done(&inbox);
}

static void dismiss(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct pile pile = {0};

	if (read_pile(request, body, &pile, ret))
		dismiss_pile(books, request, &pile, ret);
	free(pile.items);
}

void api_decisions_dismiss(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"month", "items", "note", "each", NULL};

	entry_change(site, request, known, dismiss, ret);
}
