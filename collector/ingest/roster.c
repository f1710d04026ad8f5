/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#define NAME_PREFIX "agent-"
#define VERSION_MAX 2
#define DIGITS_MAX 10 /* of a uint32_t */

struct agent {
	uint32_t id;
	bool revoked;
	bool has_other;
	uint8_t print[TLS_FINGERPRINT_BYTES];
	uint8_t other[TLS_FINGERPRINT_BYTES];
	int64_t until_s; /* of the other one; 0: it is the next one */
	uint32_t version; /* of what is asked of it; 0: nothing */
	uint32_t text; /* place of that among the texts */
	char *wans; /* WAN, provider, WAN, provider, ..., "": each ends with a 0; NULL: none */
};

struct text {
	size_t length;
	char *bytes;
};

struct roster {
	uint64_t sequence;
	size_t count;
	struct agent *agents; /* by id */
	size_t text_count;
	struct text *texts;
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

/* Pairs of texts in one block. */
static int parse_wans(json_t *wans, struct agent *ret_agent)
{
	const char *wan;
	json_t *provider;
	size_t length = 1;
	char *at;

	json_object_foreach(wans, wan, provider)
	{
		if (!json_is_string(provider))
			return -EBADMSG;
		length += strlen(wan) + json_string_length(provider) + 2;
	}
	if (length == 1)
		return 0;
	ret_agent->wans = at = calloc(1, length);
	if (!at)
		return -ENOMEM;
	json_object_foreach(wans, wan, provider)
	{
		at = stpcpy(at, wan) + 1;
		at = stpcpy(at, json_string_value(provider)) + 1;
	}
	return 0;
}

static int parse_asked(const json_t *json, size_t index, const struct roster *roster,
	struct agent *ret_agent, struct err *err)
{
	json_t *asked = json_object_get(json, "configuration");
	json_t *version = json_object_get(asked, "version");
	json_t *text = json_object_get(asked, "text");

	if (!asked)
		return 0;
	if (!json_is_integer(version) || json_integer_value(version) < 1 ||
		json_integer_value(version) > UINT32_MAX)
		return err_set(err, -EBADMSG, "agents[%zu].configuration.version: must be 1 to %u",
			index, UINT32_MAX);
	if (!json_is_integer(text) || json_integer_value(text) < 0 ||
		(size_t)json_integer_value(text) >= roster->text_count)
		return err_set(err, -EBADMSG,
			"agents[%zu].configuration.text: must be the place of one of %zu texts",
			index, roster->text_count);
	ret_agent->version = (uint32_t)json_integer_value(version);
	ret_agent->text = (uint32_t)json_integer_value(text);
	return 0;
}

static int parse_other(const json_t *json, size_t index, struct agent *ret_agent, struct err *err)
{
	json_t *other = json_object_get(json, "other");
	json_t *until = json_object_get(other, "until_s");

	if (!other)
		return 0;
	if (!parse_print(
		    json_string_value(json_object_get(other, "fingerprint")), ret_agent->other) ||
		!json_is_integer(until) || json_integer_value(until) < 0)
		return err_set(err, -EBADMSG,
			"agents[%zu].other: must have %d hex digits and until_s", index,
			2 * TLS_FINGERPRINT_BYTES);
	ret_agent->has_other = true;
	ret_agent->until_s = json_integer_value(until);
	return 0;
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
	if (parse_wans(json_object_get(json, "wans"), ret_agent) < 0)
		return err_set(err, -EBADMSG, "agents[%zu].wans: must name a provider each", index);
	return parse_other(json, index, ret_agent, err);
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
	for (size_t i = 0; r == 0 && i < count; i++) {
		const json_t *agent = json_array_get(list, i);

		roster->count++;
		r = parse_agent(agent, i, &roster->agents[i], err);
		if (r == 0)
			r = parse_asked(agent, i, roster, &roster->agents[i], err);
	}
	if (r < 0)
		return r;
	qsort(roster->agents, count, sizeof(*roster->agents), compare_agents);
	for (size_t i = 1; i < count; i++)
		if (roster->agents[i].id == roster->agents[i - 1].id)
			return err_set(
				err, -EBADMSG, "agent %u stands there twice", roster->agents[i].id);
	return 0;
}

static int parse_texts(const json_t *list, struct roster *roster, struct err *err)
{
	size_t count = json_array_size(list);

	if (list && !json_is_array(list))
		return err_set(err, -EBADMSG, "texts: must be a list");
	roster->texts = calloc(count + 1, sizeof(*roster->texts));
	if (!roster->texts)
		return err_set(err, -ENOMEM, "no memory for %zu texts", count);
	for (size_t i = 0; i < count; i++) {
		const json_t *text = json_array_get(list, i);
		struct text *to = &roster->texts[roster->text_count];

		if (!json_is_string(text) || json_string_length(text) > CONFIGURATION_MAX)
			return err_set(err, -EBADMSG, "texts[%zu]: must be of at most %d bytes", i,
				CONFIGURATION_MAX);
		to->length = json_string_length(text);
		to->bytes = strdup(json_string_value(text));
		if (!to->bytes)
			return err_set(err, -ENOMEM, "no memory for %zu texts", count);
		roster->text_count++;
	}
	return 0;
}

static int parse_root(const json_t *root, struct roster *roster, struct err *err)
{
	json_t *version = json_object_get(root, "version");
	json_t *sequence = json_object_get(root, "sequence");
	json_t *agents = json_object_get(root, "agents");

	int r;

	if (!json_is_integer(version) || json_integer_value(version) < 1 ||
		json_integer_value(version) > VERSION_MAX)
		return err_set(err, -EBADMSG, "version: must be 1 or %d", VERSION_MAX);
	if (!json_is_integer(sequence) || json_integer_value(sequence) < 0)
		return err_set(err, -EBADMSG, "sequence: must be a number, 0 or more");
	if (!json_is_array(agents))
		return err_set(err, -EBADMSG, "agents: must be a list");
	roster->sequence = (uint64_t)json_integer_value(sequence);
	r = parse_texts(json_object_get(root, "texts"), roster, err);
	return r < 0 ? r : parse_agents(agents, roster, err);
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
	for (size_t i = 0; i < roster->count; i++)
		free(roster->agents[i].wans);
	for (size_t i = 0; i < roster->text_count; i++)
		free(roster->texts[i].bytes);
	free(roster->agents);
	free(roster->texts);
	free(roster);
}

static const struct agent *find(const struct roster *roster, uint32_t agent)
{
	struct agent key = {.id = agent};

	if (roster->count == 0)
		return NULL;
	return bsearch(&key, roster->agents, roster->count, sizeof(key), compare_agents);
}

static enum roster_answer ask_other(const struct agent *agent, const uint8_t *print, int64_t now_s)
{
	if (!agent->has_other || memcmp(agent->other, print, TLS_FINGERPRINT_BYTES) != 0)
		return ROSTER_OTHER_KEY;
	if (agent->until_s == 0)
		return ROSTER_NEXT;
	return now_s < agent->until_s ? ROSTER_BEFORE : ROSTER_OTHER_KEY;
}

enum roster_answer roster_ask(const struct roster *roster, uint32_t agent,
	const uint8_t print[TLS_FINGERPRINT_BYTES], int64_t now_s)
{
	const struct agent *found = find(roster, agent);
	enum roster_answer answer = ROSTER_WELCOME;

	if (!found)
		return ROSTER_UNKNOWN;
	if (memcmp(found->print, print, TLS_FINGERPRINT_BYTES) != 0)
		answer = ask_other(found, print, now_s);
	return roster_lets_in(answer) && found->revoked ? ROSTER_REVOKED : answer;
}

void roster_configuration(
	const struct roster *roster, uint32_t agent, struct configuration *ret_configuration)
{
	const struct agent *found = find(roster, agent);
	struct configuration none = {.version = 0};

	*ret_configuration = none;
	if (!found || !found->version)
		return;
	ret_configuration->version = found->version;
	ret_configuration->text = roster->texts[found->text].bytes;
	ret_configuration->length = roster->texts[found->text].length;
}

const char *roster_provider(const struct roster *roster, uint32_t agent, const char *wan)
{
	const struct agent *found = find(roster, agent);
	const char *at = found && found->wans ? found->wans : "";

	while (*at) {
		const char *provider = at + strlen(at) + 1;

		if (strcmp(at, wan) == 0)
			return provider;
		at = provider + strlen(provider) + 1;
	}
	return "";
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
