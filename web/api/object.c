/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST /api/v1/objections: a provider's word against an outage of its link; POST to
 * /api/v1/objections/ID/answer: the officer's answer.
 */
#include <string.h>

#include "web/account/scope.h"
#include "web/entry.h"

#include "collector/store/registry_objection.h"

static void add(const struct books *books, const struct request *request, const struct body *body,
	struct response *ret)
{
	struct registry_objection objection = {0};
	struct entry_second second;
	const char *document = NULL;
	struct err err = {0};
	int64_t id;

	if (!entry_second(books, request, body, &second, ret) ||
		!entry_text(body, "note", objection.note, sizeof(objection.note), ret) ||
		!body_text(body, "document", &document, ret))
		return;
	if (document && strlen(document) >= sizeof(objection.document)) {
		response_bad_param(ret, "document", document, "must be a SHA-256, 64 digits");
		return;
	}
	objection.link = second.link.id;
	objection.at_s = second.at_s;
	strcpy(objection.provider, second.link.provider);
	strcpy(objection.by, request->who->name);
	strcpy(objection.document, document ? document : "");
	if (registry_objection_add(books->registry, &objection, &id, &err) < 0)
		entry_failed("objection", &err, ret);
	else
		entry_made(ret, "objection", id);
}

void api_objection_add(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"link", "at", "outage", "note", "document", NULL};

	entry_change(site, request, known, add, ret);
}

struct wanted {
	int64_t id, link;
};

static int see_objection(void *arg, const struct registry_objection *objection)
{
	struct wanted *wanted = arg;

	wanted->link = objection->link;
	return objection->id == wanted->id;
}

/* One that is not there is for the registry to say. */
static bool is_theirs(
	const struct books *books, const struct request *request, int64_t id, struct response *ret)
{
	struct wanted wanted = {.id = id};
	struct registry_link link;

	return scope_is_all(request->who) ||
		registry_objections(books->registry, NULL, see_objection, &wanted, NULL) != 1 ||
		books_link(books, request, wanted.link, &link, ret);
}

static void answer(const struct books *books, const struct request *request,
	const struct body *body, struct response *ret)
{
	struct registry_answer answer = {.word.by = request->who->name};
	struct err err = {0};
	int64_t id;

	if (!entry_id(request, &id, ret) || !body_flag(body, "accept", &answer.accept, ret) ||
		!body_need_text(body, "note", &answer.word.note, ret))
		return;
	if (!body_has(body, "accept"))
		response_bad_param(ret, "accept", "", "is missing: true or false");
	else if (is_theirs(books, request, id, ret))
		entry_ended("objection",
			registry_objection_answer(books->registry, id, &answer, &err), &err, ret);
}

void api_objection_answer(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {"accept", "note", NULL};

	entry_change(site, request, known, answer, ret);
}
