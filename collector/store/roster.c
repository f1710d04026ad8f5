/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster.json: what the ingesting process knows of the agents, so that it needs no SQLite: whom it
 * lets in, over whose links they go, what it asks of them.
 *
 *	{"version":2, "sequence":N,
 *	 "agents":[{"id":7,"fingerprint":"<64 hex>","revoked":false,
 *	   "other":{"fingerprint":"<64 hex>","until_s":0},"wans":{"wan":"<provider>"},
 *	   "configuration":{"version":12,"text":0}}, ...],
 *	 "texts":["[agent]\nround_s = 20\n", ...]}
 *
 * `sequence` is that of the last change that matters here: a file that bears a lower one is stale.
 * `other` is there while the agent has a second certificate that is good: the next one (until_s 0),
 * or the one before, until then.
 * `configuration` is missing where nothing was ever asked of the agent; its text is a place in
 * `texts`, because most agents are asked the same.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_configuration.h"
#include "collector/store/registry_identity.h"
#include "collector/store/registry_private.h"
#include "common/file.h"
#include "common/json.h"
#include "proto/limits.h"

#define ROSTER_VERSION 2
#define ROSTER_MAX (64 * 1024 * 1024) /* 300,000 agents of 200 bytes */
#define ROSTER_MODE 0644 /* fingerprints are public; the service may be another user */
#define TEXTS_BACK 16 /* how many texts are compared before one is written anew */

bool roster_follows(const char *table)
{
	return !strcmp(table, "agent") || !strcmp(table, "binding") ||
		!strcmp(table, "configuration") || !strcmp(table, "certificate");
}

static int roster_sequence(struct registry *registry, int64_t *ret_sequence, struct err *err)
{
	struct query q;

	*ret_sequence = 0;
	db_query(&q, registry->db,
		"SELECT max(sequence) FROM change"
		" WHERE table_name IN ('agent', 'binding', 'configuration', 'certificate')");
	if (query_next(&q) > 0)
		*ret_sequence = query_get_number(&q, 0);
	return query_end(&q, err);
}

/* ---- the texts, each once, separated by 0 */

struct texts {
	struct buf bytes;
	size_t count;
	size_t last[TEXTS_BACK]; /* where the newest ones begin, by number modulo */
};

static const char *text_at(const struct texts *texts, size_t number)
{
	return (const char *)buf_peek(&texts->bytes) + texts->last[number % TEXTS_BACK];
}

/* The number of the text, which is taken in when it is none of the last ones. -ENOMEM. */
static int64_t find_text(struct texts *texts, const char *text)
{
	size_t least = texts->count > TEXTS_BACK ? texts->count - TEXTS_BACK : 0;

	for (size_t i = texts->count; i-- > least;)
		if (!strcmp(text_at(texts, i), text))
			return (int64_t)i;
	texts->last[texts->count % TEXTS_BACK] = buf_length(&texts->bytes);
	if (buf_append(&texts->bytes, text, strlen(text) + 1) < 0)
		return -ENOMEM;
	return (int64_t)texts->count++;
}

static void write_texts(struct json *json, const struct texts *texts)
{
	const char *text = (const char *)buf_peek(&texts->bytes);

	json_array(json, "texts");
	for (size_t i = 0; i < texts->count; i++, text += strlen(text) + 1)
		json_text(json, NULL, text);
	json_array_end(json);
}

/* ---- the whole */

struct good { /* certificates of one agent */
	int64_t now_s;
	struct registry_identity current, other; /* an empty fingerprint: none */
};

struct composing {
	struct registry *registry;
	struct err *err;
	struct json json;
	struct configuration_book *book;
	struct texts texts;
};

static void write_wans(struct composing *composing, uint32_t agent)
{
	const char *wan, *provider;

	json_object(&composing->json, "wans");
	for (size_t i = 0; configuration_book_wan(composing->book, agent, i, &wan, &provider); i++)
		json_text(&composing->json, wan, provider);
	json_object_end(&composing->json);
}

static int write_configuration(struct composing *composing, uint32_t agent)
{
	struct buf text;
	uint32_t version = 0;
	int64_t place = 0;
	int r;

	buf_init(&text, CONFIGURATION_MAX + 1);
	r = configuration_book_text(composing->book, agent, &version, &text);
	if (r == 0 && version)
		r = buf_append(&text, "", 1);
	if (r == 0 && version) {
		place = find_text(&composing->texts, (const char *)buf_peek(&text));
		json_object(&composing->json, "configuration");
		json_number(&composing->json, "version", version);
		json_number(&composing->json, "text", place);
		json_object_end(&composing->json);
	}
	buf_done(&text);
	return place < 0 ? (int)place : r;
}

static int sort_good(void *arg, const struct registry_identity *identity)
{
	struct good *good = arg;

	if (identity->state == IDENTITY_CURRENT)
		good->current = *identity;
	else if (identity->state == IDENTITY_NEXT || identity->until_s > good->now_s)
		good->other = *identity;
	return 0;
}

static int write_certificates(struct composing *composing, const struct registry_agent *agent)
{
	struct registry *registry = composing->registry;
	struct good good = {.now_s = registry->now_s(registry->now_arg)};
	struct json *json = &composing->json;
	int r = registry_identities(registry, agent->id, sort_good, &good, composing->err);

	if (r < 0)
		return r;
	json_text(json, "fingerprint",
		good.current.fingerprint[0] ? good.current.fingerprint : agent->fingerprint);
	json_bool(json, "revoked", agent->revoked_s != 0);
	if (!good.other.fingerprint[0])
		return 0;
	json_object(json, "other");
	json_text(json, "fingerprint", good.other.fingerprint);
	json_number(json, "until_s", good.other.state == IDENTITY_NEXT ? 0 : good.other.until_s);
	json_object_end(json);
	return 0;
}

static int write_agent(void *arg, const struct registry_agent *agent)
{
	struct composing *composing = arg;
	struct json *json = &composing->json;
	int r;

	json_object(json, NULL);
	json_number(json, "id", agent->id);
	r = write_certificates(composing, agent);
	if (r < 0)
		return r;
	if (!agent->revoked_s) {
		write_wans(composing, agent->id);
		r = write_configuration(composing, agent->id);
	}
	json_object_end(json);
	return r;
}

static int write_all(
	struct registry *registry, struct composing *composing, int64_t sequence, struct err *err)
{
	struct json *json = &composing->json;
	int r;

	json_object(json, NULL);
	json_number(json, "version", ROSTER_VERSION);
	json_number(json, "sequence", sequence);
	json_array(json, "agents");
	r = registry_agents(registry, write_agent, composing, err);
	json_array_end(json);
	write_texts(json, &composing->texts);
	json_object_end(json);
	if (r == 0) {
		r = json_end(json);
		if (r < 0)
			err_errno(err, r, "roster.json");
	}
	return r;
}

static int compose(struct registry *registry, struct buf *out, struct err *err)
{
	struct composing composing = {.registry = registry, .err = err};
	int64_t sequence;
	int r = roster_sequence(registry, &sequence, err);

	if (r == 0)
		r = configuration_book_load(registry, &composing.book, err);
	if (r < 0)
		return r;
	json_init(&composing.json, out);
	buf_init(&composing.texts.bytes, ROSTER_MAX);
	r = write_all(registry, &composing, sequence, err);
	buf_done(&composing.texts.bytes);
	configuration_book_free(composing.book);
	return r;
}

static int roster_path(struct registry *registry, char path[PATH_MAX], struct err *err)
{
	int r = file_join(path, PATH_MAX, registry->state, ROSTER_NAME);

	return r < 0 ? err_errno(err, r, "%s", registry->state) : 0;
}

int roster_write(struct registry *registry, struct err *err)
{
	char path[PATH_MAX];
	struct buf out;
	int r = roster_path(registry, path, err);

	if (r < 0)
		return r;
	buf_init(&out, ROSTER_MAX);
	r = db_begin(registry->db, err);
	if (r == 0) {
		file_sweep(registry->state, ROSTER_NAME); /* the lock keeps others away */
		r = compose(registry, &out, err);
		if (r == 0)
			r = file_replace(path, buf_peek(&out), buf_length(&out), ROSTER_MODE, err);
		db_rollback(registry->db); /* the lock was all that was wanted */
	}
	buf_done(&out);
	return r;
}

int roster_repair(struct registry *registry, struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes = NULL;
	int64_t sequence, found = -1;
	const char *at;
	size_t length;
	int r = roster_path(registry, path, err);

	if (r == 0)
		r = roster_sequence(registry, &sequence, err);
	if (r < 0)
		return r;
	/* Our own writer's words: nothing else is looked for. */
	if (file_read(path, ROSTER_MAX, &bytes, &length, NULL) == 0) {
		at = strstr((const char *)bytes, "\"sequence\":");
		if (at && strstr((const char *)bytes, "\"version\":2"))
			found = strtoll(at + strlen("\"sequence\":"), NULL, 10);
	}
	free(bytes);
	return found == sequence ? 0 : roster_write(registry, err);
}
