/* SPDX-License-Identifier: Apache-2.0 */
#include "web/status.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/ask.h"

#define KEY_BYTES 64 /* the longest key, with its object's */

int status_parse(const void *json, size_t length, struct status **ret_status, struct err *err)
{
	json_error_t error;
	json_t *root = json_loadb(json, length, 0, &error);

	if (!root)
		return err_set(err, -EPROTO, "its answer is no JSON: %s", error.text);
	if (!json_is_object(root)) {
		json_decref(root);
		return err_set(err, -EPROTO, "its answer is no JSON object");
	}
	*ret_status = (struct status *)root;
	return 0;
}

int status_ask(const char *state, const char *name, struct status **ret_status, struct err *err)
{
	/* Ingest writes into that folder, and into no other. */
	bool in_journal = strcmp(name, "ingest") == 0;
	char socket_name[KEY_BYTES];
	uint8_t *json;
	size_t length;
	int r;

	snprintf(socket_name, sizeof(socket_name), "%s%s.sock", in_journal ? "journal/" : "", name);
	r = ask_status(state, socket_name, &json, &length, err);
	if (r < 0)
		return r;
	r = status_parse(json, length, ret_status, err);
	free(json);
	return r;
}

void status_free(struct status *status)
{
	json_decref((json_t *)status);
}

static const json_t *find(const struct status *status, const char *key)
{
	const json_t *at = (const json_t *)status;
	char name[KEY_BYTES];

	for (const char *part = key; at && part;) {
		const char *dot = strchr(part, '.');
		size_t length = dot ? (size_t)(dot - part) : strlen(part);

		if (length >= sizeof(name))
			return NULL;
		memcpy(name, part, length);
		name[length] = '\0';
		at = json_object_get(at, name);
		part = dot ? dot + 1 : NULL;
	}
	return at;
}

bool status_number(const struct status *status, const char *key, double *ret_number)
{
	const json_t *found = find(status, key);

	if (!found || !(json_is_number(found) || json_is_boolean(found)))
		return false;
	*ret_number = json_is_number(found) ? json_number_value(found) : json_is_true(found);
	return true;
}

const char *status_text(const struct status *status, const char *key)
{
	const json_t *found = find(status, key);

	return json_is_string(found) ? json_string_value(found) : NULL;
}
