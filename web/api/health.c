/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /healthz: whether the whole chain works, part by part; 503 when any does not. GET /readyz:
 * whether this process can answer questions, whatever the others do.
 */
#include "web/filter.h"
#include "web/params.h"
#include "web/site.h"

static const char *const no_params[] = {NULL};

void api_healthz(struct site *site, const struct request *request, struct response *ret)
{
	struct monitor_health health;
	struct json json;
	bool ok = true;

	if (!params_known(request, no_params, ret))
		return;
	monitor_health(site->monitor, &health);
	for (int i = 0; i < PART_COUNT; i++)
		ok = ok && health.parts[i].ok;
	response_json(ret, &json);
	json_text(&json, "status", ok ? "ok" : "fault");
	json_array(&json, "parts");
	for (int i = 0; i < PART_COUNT; i++) {
		json_object(&json, NULL);
		json_text(&json, "name", monitor_part_name((enum monitor_part)i));
		json_bool(&json, "ok", health.parts[i].ok);
		json_text(&json, "words", health.parts[i].words);
		json_object_end(&json);
	}
	json_array_end(&json);
	response_json_end(ret, &json);
	if (!ok)
		ret->status = 503;
}

void api_readyz(struct site *site, const struct request *request, struct response *ret)
{
	struct books books;
	struct json json;

	if (!params_known(request, no_params, ret) || !books_open(site->state, &books, ret))
		return;
	books_close(&books);
	response_json(ret, &json);
	json_text(&json, "status", "ready");
	response_json_end(ret, &json);
}
