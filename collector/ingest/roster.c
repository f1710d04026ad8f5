/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define NAME_PREFIX "agent-"
#define DIGITS_MAX 10 /* of a uint32_t */

struct agent {
	uint32_t id;
	bool revoked;
	uint8_t print[TLS_FINGERPRINT_BYTES];
};

struct roster {
	uint64_t sequence;
	size_t count;
	struct agent *agents; /* by id */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_print(const char *text, uint8_t ret_print[TLS_FINGERPRINT_BYTES])
{
	if (!text || strlen(text) != 2 * TLS_FINGERPRINT_BYTES)
		return false;
	for (size_t i = 0; i < TLS_FINGERPRINT_BYTES; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		ret_print[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static int parse_agent(const json_t *json, size_t index, struct agent *ret_agent, struct err *err)
{
	json_t *id = json_object_get(json, "id");
	json_t *revoked = json_object_get(json, "revoked");

	if (!json_is_integer(id) || json_integer_value(id) < 1 ||
		json_integer_value(id) > UINT32_MAX)
		return err_set(err, -EBADMSG, "agents[%zu].id: must be 1 to %u", index, UINT32_MAX);
	ret_agent->id = (uint32_t)json_integer_value(id);
	if (!parse_print(json_string_value(json_object_get(json, "fingerprint")), ret_agent->print))
		return err_set(err, -EBADMSG, "agents[%zu].fingerprint: must be %d hex digits",
			index, 2 * TLS_FINGERPRINT_BYTES);
	if (!json_is_boolean(revoked))
		return err_set(err, -EBADMSG, "agents[%zu].revoked: must be true or false", index);
	ret_agent->revoked = json_boolean_value(revoked);
	return 0;
}

static int compare_agents(const void *a, const void *b)
{
	uint32_t left = ((const struct agent *)a)->id, right = ((const struct agent *)b)->id;

	return (left > right) - (left < right);
}

static int parse_agents(const json_t *list, struct roster *roster, struct err *err)
{
	size_t count = json_array_size(list);
	int r = 0;

	roster->agents = calloc(count + 1, sizeof(*roster->agents));
	if (!roster->agents)
		return err_set(err, -ENOMEM, "no memory for %zu agents", count);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = parse_agent(json_array_get(list, i), i, &roster->agents[i], err);
	if (r < 0)
		return r;
	roster->count = count;
	qsort(roster->agents, count, sizeof(*roster->agents), compare_agents);
	for (size_t i = 1; i < count; i++)
		if (roster->agents[i].id == roster->agents[i - 1].id)
			return err_set(
				err, -EBADMSG, "agent %u stands there twice", roster->agents[i].id);
	return 0;
}

static int parse_root(const json_t *root, struct roster *roster, struct err *err)
{
	json_t *version = json_object_get(root, "version");
	json_t *sequence = json_object_get(root, "sequence");
	json_t *agents = json_object_get(root, "agents");

	if (!json_is_integer(version) || json_integer_value(version) != 1)
		return err_set(err, -EBADMSG, "version: must be 1");
	if (!json_is_integer(sequence) || json_integer_value(sequence) < 0)
		return err_set(err, -EBADMSG, "sequence: must be a number, 0 or more");
	if (!json_is_array(agents))
		return err_set(err, -EBADMSG, "agents: must be a list");
	roster->sequence = (uint64_t)json_integer_value(sequence);
	return parse_agents(agents, roster, err);
}

int roster_parse(const void *json, size_t length, struct roster **ret_roster, struct err *err)
{
	struct roster *roster;
	json_error_t where;
	json_t *root;
	int r;

	root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(err, -EBADMSG, "line %d: %s", where.line, where.text);
	roster = calloc(1, sizeof(*roster));
	r = roster ? parse_root(root, roster, err) : err_set(err, -ENOMEM, "out of memory");
	json_decref(root);
	if (r < 0) {
		roster_free(roster);
		return r;
	}
	*ret_roster = roster;
	return 0;
}

int roster_new_empty(struct roster **ret_roster)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	if (!roster)
		return -ENOMEM;
	*ret_roster = roster;
	return 0;
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	free(roster->agents);
	free(roster);
}

enum roster_answer roster_ask(
	const struct roster *roster, uint32_t agent, const uint8_t print[TLS_FINGERPRINT_BYTES])
{
	struct agent key = {.id = agent}, *found = NULL;

	if (roster->count > 0)
		found = bsearch(&key, roster->agents, roster->count, sizeof(key), compare_agents);
	if (!found)
		return ROSTER_UNKNOWN;
	if (memcmp(found->print, print, TLS_FINGERPRINT_BYTES) != 0)
		return ROSTER_OTHER_KEY;
	return found->revoked ? ROSTER_REVOKED : ROSTER_WELCOME;
}

size_t roster_count(const struct roster *roster)
{
	return roster->count;
}

uint64_t roster_sequence(const struct roster *roster)
{
	return roster->sequence;
}

int roster_agent_id(const char *name, uint32_t *ret_agent)
{
	const char *digits = name + strlen(NAME_PREFIX);
	unsigned long long id = 0;

	if (strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0 || *digits == '0' ||
		strlen(digits) > DIGITS_MAX || strlen(digits) != strspn(digits, "0123456789"))
		return -EINVAL;
	for (; *digits; digits++)
		id = id * 10 + (unsigned)(*digits - '0');
	if (id < 1 || id > UINT32_MAX)
		return -EINVAL;
	*ret_agent = (uint32_t)id;
	return 0;
}
