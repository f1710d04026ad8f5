/* SPDX-License-Identifier: Apache-2.0 */
/*
 * roster.json: the agents that the ingesting process lets in, so that it needs no SQLite.
 *
 *	{"version":1, "sequence":N,
 *	 "agents":[{"id":7,"fingerprint":"<64 hex>","revoked":false}, ...]}
 *
 * `sequence` is that of the last change of an agent: a file that bears a lower one is stale.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_private.h"
#include "common/file.h"
#include "common/json.h"

#define ROSTER_VERSION 1
#define ROSTER_MAX (64 * 1024 * 1024) /* 500,000 agents of 120 bytes */
#define ROSTER_MODE 0644 /* fingerprints are public; the service may be another user */

static int agents_sequence(struct registry *registry, int64_t *ret_sequence, struct err *err)
{
	struct query q;

	*ret_sequence = 0;
	db_query(&q, registry->db, "SELECT max(sequence) FROM change WHERE table_name = 'agent'");
	if (query_next(&q) > 0)
		*ret_sequence = query_get_number(&q, 0);
	return query_end(&q, err);
}

static int write_agent(void *arg, const struct registry_agent *agent)
{
	struct json *json = arg;

	json_object(json, NULL);
	json_number(json, "id", agent->id);
	json_text(json, "fingerprint", agent->fingerprint);
	json_bool(json, "revoked", agent->revoked_s != 0);
	json_object_end(json);
	return 0;
}

static int compose(struct registry *registry, struct buf *out, struct err *err)
{
	struct json json;
	int64_t sequence;
	int r = agents_sequence(registry, &sequence, err);

	if (r < 0)
		return r;
	json_init(&json, out);
	json_object(&json, NULL);
	json_number(&json, "version", ROSTER_VERSION);
	json_number(&json, "sequence", sequence);
	json_array(&json, "agents");
	r = registry_agents(registry, write_agent, &json, err);
	json_array_end(&json);
	json_object_end(&json);
	if (r == 0) {
		r = json_end(&json);
		if (r < 0)
			err_errno(err, r, "roster.json");
	}
	return r;
}

static int roster_path(struct registry *registry, char path[PATH_MAX], struct err *err)
{
	int r = file_join(path, PATH_MAX, registry->state, "roster.json");

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
		r = agents_sequence(registry, &sequence, err);
	if (r < 0)
		return r;
	/* Our own writer's words: nothing else is looked for. */
	if (file_read(path, ROSTER_MAX, &bytes, &length, NULL) == 0) {
		at = strstr((const char *)bytes, "\"sequence\":");
		if (at)
			found = strtoll(at + strlen("\"sequence\":"), NULL, 10);
	}
	free(bytes);
	return found == sequence ? 0 : roster_write(registry, err);
}
