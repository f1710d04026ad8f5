/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /api/v1/exclusions: GET lists those that reach what is theirs who ask, POST enters one; to
 * /api/v1/exclusions/ID/confirm and /revoke POST is a second officer's word, and the end of one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/desk/when.h"
#include "collector/explain/json_put.h"
#include "web/account/scope.h"
#include "web/entry.h"
#include "web/own_rows.h"
#include "web/their_exclusion.h"

/* ---- list */

static void write_exclusion(struct json *json, const struct registry_exclusion *exclusion)
{
	json_object(json, NULL);
	json_number(json, "exclusion", exclusion->id);
	json_text(json, "scope", exclusion_scope_name(exclusion->scope));
	json_text(json, "value", exclusion->value);
	json_text(json, "reason", exclusion_reason_name(exclusion->reason));
	json_put_time(json, "from", exclusion->from_s);
	json_put_time(json, "to", exclusion->to_s);
	json_put_time(json, "entered", exclusion->entered_s);
	json_put_words(json, "by", exclusion->by);
	json_put_words(json, "note", exclusion->note);
	json_put_words(json, "second", exclusion->second);
	json_put_words(json, "document", exclusion->document);
	if (exclusion->revoked_s)
		json_put_time(json, "revoked", exclusion->revoked_s);
	else
		json_null(json, "revoked");
	json_put_words(json, "revoked_by", exclusion->revoked_by);
	json_put_words(json, "revoke_note", exclusion->revoke_note);
	json_object_end(json);
}

static int see_exclusion(void *arg, const struct registry_exclusion *exclusion)
{
	struct own_rows *rows = arg;

	if (own_is_reached(rows->own, exclusion) && own_rows_wants(rows))
		write_exclusion(rows->json, exclusion);
	return 0;
}

static int fill(struct registry *registry, int64_t link, struct own_rows *rows, struct err *err)
{
	return registry_exclusions(registry, link, see_exclusion, rows, err);
}

void api_exclusions(struct site *site, const struct request *request, struct response *ret)
{
	static const struct own_rows_kind kind = {"exclusions", fill};

	own_rows_answer(site, &kind, request, ret);
}

/* ---- what it is for */

/* One of link, desa, kecamatan, kabupaten, provider. */
static bool read_scope(
	const struct body *body, struct registry_exclusion *exclusion, struct response *ret)
{
	const struct param_range links = {1, INT64_MAX};
	const char *text = NULL;
	int64_t link = 0;
	int given = 0;

	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		const char *name = exclusion_scope_name((enum exclusion_scope)scope);

		if (!body_has(body, name))
			continue;
		exclusion->scope = (enum exclusion_scope)scope;
		given++;
		if (scope == SCOPE_LINK ? !body_number(body, name, links, &link, ret)
					: !body_text(body, name, &text, ret))
			return false;
	}
	if (given != 1) {
		response_error(
			ret, 400, "give one of link, desa, kecamatan, kabupaten and provider");
		return false;
	}
	if (link)
		snprintf(exclusion->value, sizeof(exclusion->value), "%" PRId64, link);
	else if (strlen(text) < sizeof(exclusion->value))
		strcpy(exclusion->value, text);
	else
		response_error(ret, 400, "what it is for is longer than any name");
	return exclusion->value[0] != '\0';
}

/* ---- add */

static bool read_time(struct registry *registry, const struct body *body, const char *name,
	struct registry_exclusion *exclusion, struct response *ret)
{
	int64_t *utc_s = strcmp(name, "from") == 0 ? &exclusion->from_s : &exclusion->to_s;
	struct err err = {0};
	const char *text;

	if (!body_need_text(body, name, &text, ret))
		return false;
	if (when_read(registry, exclusion, text, utc_s, &err) == 0)
		return true;
	response_bad_as(ret, "time", &(struct http_param){name, text}, err.text);
	return false;
}

static bool read_words(const struct request *request, const struct body *body,
	struct registry_exclusion *exclusion, struct response *ret)
{
	static const char *const reasons[] = {
		"maintenance", "force-majeure", "power", "customer", NULL};
	int reason = -1;

	if (!body_choice(body, "reason", reasons, &reason, ret) ||
		!entry_text(body, "note", exclusion->note, sizeof(exclusion->note), ret))
		return false;
	if (reason < 0) {
		response_missing(ret, "reason");
		return false;
	}
	exclusion->reason = (enum exclusion_reason)exclusion_reason_parse(reasons[reason]);
	strcpy(exclusion->by, request->who->name);
	return true;
}

static void add(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_exclusion exclusion = {0};
	struct err err = {0};
	int64_t id;

	if (!read_scope(body, &exclusion, ret) ||
		!their_exclusion(books, request, &exclusion, ret) ||
		!read_words(request, body, &exclusion, ret) ||
		!read_time(books->registry, body, "from", &exclusion, ret) ||
		!read_time(books->registry, body, "to", &exclusion, ret))
		return;
	if (registry_exclusion_add(books->registry, &exclusion, &id, &err) < 0)
		entry_failed("exclusion", &err, ret);
	else
		entry_made(ret, "exclusion", id);
}

void api_exclusion_add(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"link", "desa", "kecamatan", "kabupaten", "provider",
		"reason", "from", "to", "note", NULL};

	entry_change(site, request, known, add, ret);
}

/* ---- confirm and revoke */

static void confirm(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_second second = {.name = request->who->name};
	struct registry_exclusion exclusion;
	struct err err = {0};
	int64_t id;

	if (!entry_id(request, &id, ret) ||
		!body_need_text(body, "document", &second.document, ret) ||
		!their_exclusion_find(books, request, id, &exclusion, ret))
		return;
	entry_ended("exclusion", registry_exclusion_confirm(books->registry, id, &second, &err),
		&err, ret);
}

/* The desk of the NOC takes back only what it entered itself. */
static void revoke(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_word word = {.by = request->who->name};
	struct registry_exclusion exclusion;
	struct err err = {0};
	int64_t id;

	if (!entry_id(request, &id, ret) || !body_need_text(body, "note", &word.note, ret) ||
		!their_exclusion_find(books, request, id, &exclusion, ret))
		return;
	if (request->who->role == USER_NOC && strcmp(exclusion.by, request->who->name) != 0)
		response_refuse(ret, 403, "not-yours", "another entered it: an officer revokes it");
	else
		entry_ended("exclusion",
			registry_exclusion_revoke(books->registry, id, &word, &err), &err, ret);
}

void api_exclusion_confirm(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"document", NULL};

	entry_change(site, request, known, confirm, ret);
}

void api_exclusion_revoke(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"note", NULL};

	entry_change(site, request, known, revoke, ret);
}
