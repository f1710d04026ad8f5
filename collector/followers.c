/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/followers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/file.h"

struct followers {
	size_t count, room;
	struct follower *list; /* by agent */
};

/* Where it stands, or would. */
static size_t place_of(const struct followers *followers, uint32_t agent)
{
	size_t low = 0, high = followers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (followers->list[middle].agent < agent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_room(struct followers *followers)
{
	size_t room = followers->room ? followers->room * 2 : 16;
	struct follower *list;

	if (followers->count < followers->room)
		return 0;
	list = realloc(followers->list, room * sizeof(*list));
	if (!list)
		return -ENOMEM;
	followers->list = list;
	followers->room = room;
	return 0;
}

int followers_take(struct followers *followers, const struct follower *follower)
{
	const struct following *said = &follower->said;
	size_t at = place_of(followers, follower->agent);
	struct follower *found = at < followers->count ? &followers->list[at] : NULL;

	if (!found || found->agent != follower->agent) {
		if (!said->version && !said->refused)
			return 0;
		if (make_room(followers) < 0)
			return -ENOMEM;
		found = followers->list + at;
		memmove(found + 1, found, (followers->count - at) * sizeof(*found));
		followers->count++;
	} else if (found->said.version == said->version && found->said.refused == said->refused &&
		!strcmp(found->said.trouble, said->trouble)) {
		return 0;
	}
	*found = *follower;
	return 1;
}

const struct follower *followers_find(const struct followers *followers, uint32_t agent)
{
	size_t at = place_of(followers, agent);

	return at < followers->count && followers->list[at].agent == agent ? &followers->list[at]
									   : NULL;
}

size_t followers_refusing(const struct followers *followers)
{
	size_t count = 0;

	for (size_t i = 0; i < followers->count; i++)
		count += followers->list[i].said.refused > followers->list[i].said.version;
	return count;
}

static json_t *encode_follower(const struct follower *follower)
{
	return json_pack("{sIsIsIsssI}", "id", (json_int_t)follower->agent, "version",
		(json_int_t)follower->said.version, "refused", (json_int_t)follower->said.refused,
		"trouble", follower->said.trouble, "at_s", (json_int_t)follower->at_s);
}

int followers_encode(const struct followers *followers, struct buf *out)
{
	/* Not json_array(): our own writer (common/json.h) has a function of that name. */
	json_t *root = json_pack("{s[]}", "agents"), *agents = json_object_get(root, "agents");
	int r = agents ? 0 : -ENOMEM;
	char *text = NULL;

	for (size_t i = 0; r == 0 && i < followers->count; i++)
		if (json_array_append_new(agents, encode_follower(&followers->list[i])) < 0)
			r = -ENOMEM;
	if (r == 0)
		text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (!text)
		return -ENOMEM;
	r = buf_append(out, text, strlen(text));
	free(text);
	return r;
}

/* ---- reading */

static bool is_number(const json_t *json, const char *key, json_int_t least, json_int_t most)
{
	const json_t *number = json_object_get(json, key);

	return json_is_integer(number) && json_integer_value(number) >= least &&
		json_integer_value(number) <= most;
}

static int parse_follower(struct followers *followers, const json_t *json)
{
	const char *trouble = json_string_value(json_object_get(json, "trouble"));
	struct follower follower = {.agent = 0};

	if (!trouble || !is_number(json, "id", 1, UINT32_MAX) ||
		!is_number(json, "version", 0, UINT32_MAX) ||
		!is_number(json, "refused", 0, UINT32_MAX) ||
		!is_number(json, "at_s", 0, INT64_MAX))
		return -EBADMSG;
	follower.agent = (uint32_t)json_integer_value(json_object_get(json, "id"));
	follower.said.version = (uint32_t)json_integer_value(json_object_get(json, "version"));
	follower.said.refused = (uint32_t)json_integer_value(json_object_get(json, "refused"));
	follower.at_s = json_integer_value(json_object_get(json, "at_s"));
	snprintf(follower.said.trouble, sizeof(follower.said.trouble), "%s", trouble);
	return followers_take(followers, &follower);
}

static int parse(struct followers *followers, const uint8_t *bytes, size_t length, struct err *err)
{
	json_t *root = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *agents = json_object_get(root, "agents");
	int r = json_is_array(agents) ? 0 : -EBADMSG;

	for (size_t i = 0; r >= 0 && i < json_array_size(agents); i++)
		r = parse_follower(followers, json_array_get(agents, i));
	json_decref(root);
	return r < 0 ? err_set(err, r, "it is damaged") : 0;
}

static int read_file(const char *state, struct followers *followers, struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int r = file_join(path, sizeof(path), state, FOLLOWERS_NAME);

	if (r < 0)
		return err_errno(err, r, "%.64s...", state);
	r = file_read(path, FOLLOWERS_BYTES_MAX, &bytes, &length, err);
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = parse(followers, bytes, length, err);
	free(bytes);
	return r < 0 ? err_prefix(err, "%s", path) : 0;
}

int followers_read(const char *state, struct followers **ret_followers, struct err *err)
{
	struct followers *followers = calloc(1, sizeof(*followers));
	int r;

	if (!followers)
		return err_set(err, -ENOMEM, "out of memory");
	r = read_file(state, followers, err);
	if (r < 0) {
		followers_free(followers);
		return r;
	}
	*ret_followers = followers;
	return 0;
}

void followers_free(struct followers *followers)
{
	if (!followers)
		return;
	free(followers->list);
	free(followers);
}
