/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET /healthz: whether the whole chain works, part by part; 503 when any does not. GET /readyz:
 * whether this process can answer questions, and beside it whether agents are let in (accepting),
 * whether what they bring is on disk (durable) and in the figures (counted), and whether what speed
 * tests are sent is noted (noted); ?need=accepting or ?need=durable makes 503 of a no.
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
	static const char *const known[] = {"need", NULL};
	static const char *const needs[] = {"answers", "accepting", "durable", NULL};
	struct monitor_health health;
	struct books books;
	struct json json;
	bool met[] = {true, false, false};
	int need = 0;

	if (!params_known(request, known, ret) ||
		!param_choice(request, "need", needs, &need, ret) ||
		!books_open(site->state, &books, ret))
		return;
	books_close(&books);
	monitor_health(site->monitor, &health);
	met[1] = health.parts[PART_INGEST].ok;
	met[2] = met[1] && health.parts[PART_JOURNAL].ok;
	response_json(ret, &json);
	json_text(&json, "status", met[need] ? "ready" : "not ready");
	json_bool(&json, "accepting", met[1]);
	json_bool(&json, "durable", met[2]);
	json_bool(&json, "counted", health.parts[PART_LEDGER].ok && health.parts[PART_LAG].ok);
	json_bool(&json, "noted", health.parts[PART_SPEED].ok);
	response_json_end(ret, &json);
	if (!met[need])
		ret->status = 503;
}
