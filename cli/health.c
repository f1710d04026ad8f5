/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/health.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/health_part.h"
#include "cli/web_probe.h"
#include "collector/store/derived.h"
#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"
#include "common/ask.h"
#include "common/civil.h"
#include "common/file.h"

#define MIB (1024 * 1024)
#define SPACE_WARN_TIMES 8 /* room for less than so many reserves: time to act */
#define LAG_WARN_RECORDS 10000 /* seven seconds of the whole country, a day of one village */
#define FALLEN_S (30 * 86400) /* what fell off the outbox is said for so long */

struct question { /* what the checks share */
	const char *state;
	const struct settings *settings;
	json_t *ingest, *ledger, *reflector; /* answers of the processes; NULL: none */
	struct err ingest_err, ledger_err, reflector_err;
};

const char *health_state_name(enum health_state state)
{
	static const char *const names[] = {
		[HEALTH_OK] = "ok", [HEALTH_WARN] = "warn", [HEALTH_FAIL] = "fail"};

	return names[state];
}

void health_say(
	struct health *health, enum health_state state, const char *advice, const char *format, ...)
{
	va_list args;

	health->state = state;
	snprintf(health->advice, sizeof(health->advice), "%s", advice);
	va_start(args, format);
	vsnprintf(health->words, sizeof(health->words), format, args);
	va_end(args);
}

static void check_disk(const struct question *question, struct health *health)
{
	uint64_t reserve = (uint64_t)question->settings->reserve_mib * MIB, bytes, inodes;
	struct err err = {0};

	if (file_space(question->state, &bytes, &inodes, &err)) {
		health_say(health, HEALTH_FAIL, "run \"pantau init\", or give the right --state",
			"%s", err.text);
		return;
	}
	if (bytes < reserve || inodes < (uint64_t)question->settings->reserve_inodes)
		health_say(health, HEALTH_FAIL,
			"free space on this file system: nothing is acknowledged until there is "
			"some; it then goes on by itself",
			"%" PRIu64 " MiB and %" PRIu64
			" inodes free: below the reserve of %lld MiB",
			bytes / MIB, inodes, question->settings->reserve_mib);
	else if (bytes < reserve * SPACE_WARN_TIMES)
		health_say(health, HEALTH_WARN, "free space before the reserve is reached",
			"%" PRIu64 " MiB free; the reserve is %lld MiB", bytes / MIB,
			question->settings->reserve_mib);
	else
		health_say(health, HEALTH_OK, "", "%" PRIu64 " MiB free in %s", bytes / MIB,
			question->state);
}

static int count_link(void *arg, const struct registry_link *link)
{
	++*(int64_t *)arg;
	return 0;
}

static int count_agent(void *arg, const struct registry_agent *agent)
{
	*(int64_t *)arg += !agent->revoked_s;
	return 0;
}

static void check_registry(const struct question *question, struct health *health)
{
	static const struct registry_filter all;
	int64_t regions = 0, links = 0, agents = 0;
	struct registry *registry = NULL;
	struct err err = {0};
	int rc = registry_check(question->state, &err);

	if (!rc)
		rc = registry_open(question->state, REGISTRY_READ, NULL, &registry, &err);
	if (!rc)
		rc = registry_region_count(registry, &regions, &err);
	if (!rc)
		rc = registry_links(registry, &all, count_link, &links, &err);
	if (!rc)
		rc = registry_agents(registry, count_agent, &agents, &err);
	registry_close(registry);
	if (rc == -ENOENT)
		health_say(health, HEALTH_FAIL, "run \"pantau init\", or give the right --state",
			"there is no registry in %.200s", question->state);
	else if (rc)
		health_say(health, HEALTH_FAIL,
			"\"pantau restore\" lists the copies of registry.db and puts one back",
			"%s", err.text);
	else
		health_say(health, HEALTH_OK, "",
			"%" PRId64 " regions, %" PRId64 " links, %" PRId64 " agents", regions,
			links, agents);
}

static int64_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static int64_t inner_number(const json_t *object, const char *inner, const char *key)
{
	return number(json_object_get(object, inner), key);
}

static int64_t sum(const json_t *object)
{
	const json_t *value;
	const char *key;
	int64_t total = 0;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
		total += json_integer_value(value);
	return total;
}

/* "" where there is none. */
static const char *text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

static void check_ingest(const struct question *question, struct health *health)
{
	const json_t *ingest = question->ingest;
	const char *trouble = json_string_value(json_object_get(ingest, "cannot_write"));

	if (!ingest)
		health_say(health, HEALTH_FAIL,
			"start \"pantau-collector ingest\" and read its log", "%s",
			question->ingest_err.text);
	else if (trouble)
		health_say(health, HEALTH_FAIL,
			"it acknowledges nothing until this is mended, then goes on by itself; "
			"agents keep their records",
			"cannot write: %.200s", trouble);
	else if (number(ingest, "configurations_refused") > 0)
		health_say(health, HEALTH_WARN,
			"see why with \"pantau agent configure --list\", and ask for something "
			"else",
			"agents that would not take the configuration asked of them: %" PRId64,
			number(ingest, "configurations_refused"));
	else
		health_say(health, HEALTH_OK, "",
			"%" PRId64 " of %" PRId64 " agents connected; %" PRId64 " records, %" PRId64
			" rejected, %" PRId64 " connections refused since it started",
			number(ingest, "agents"), number(ingest, "agents_known"),
			number(ingest, "records"), sum(json_object_get(ingest, "rejected")),
			sum(json_object_get(ingest, "refused")));
}

static void check_signer(const struct question *question, struct health *health)
{
	const json_t *enrolments = json_object_get(question->ingest, "enrolments");
	const json_t *refused = json_object_get(enrolments, "refused");

	health_signer(question->state,
		&(struct enrolments){
			.known = enrolments != NULL,
			.accepted = number(enrolments, "accepted"),
			.refused = sum(refused) - number(refused, "busy"),
			.put_off = number(refused, "busy"),
		},
		health);
}

static void check_clock(const struct question *question, struct health *health)
{
	const json_t *clock = json_object_get(question->ingest, "clock");

	if (!question->ingest)
		health_say(health, HEALTH_WARN, "", "unknown: ingest does not answer");
	else if (!json_is_true(json_object_get(clock, "given")))
		health_say(health, HEALTH_WARN,
			"start an NTP client on this machine: until then routers without a clock "
			"learn no time here",
			"not synchronised, says the kernel");
	else if (question->settings->clock == CLOCK_TRUSTED)
		health_say(health, HEALTH_OK, "", "trusted, because the configuration says so");
	else
		health_say(health, HEALTH_OK, "", "synchronised to within %" PRId64 " ms",
			number(clock, "error_us") / 1000);
}

static void check_ledger(const struct question *question, struct health *health)
{
	const char *fault = json_string_value(json_object_get(question->ledger, "fault"));

	if (!question->ledger)
		health_say(health, HEALTH_FAIL,
			"start \"pantau-collector ledger\" and read its log; meanwhile the journal "
			"keeps everything",
			"%s", question->ledger_err.text);
	else if (fault)
		health_say(health, HEALTH_FAIL,
			"read its log; meanwhile the journal keeps everything", "%.200s", fault);
	else
		health_say(health, HEALTH_OK, "", "at %s of the journal",
			text(question->ledger, "cursor"));
}

/* What does not cure itself: fell off, dropped, refused. False: there is nothing of the kind. */
static bool check_lost_points(const struct question *question, struct health *health)
{
	const json_t *export = json_object_get(question->ledger, "export");
	const json_t *fallen = json_object_get(question->ledger, "fallen");
	const char *warning = json_string_value(json_object_get(export, "warning"));
	const char *at = json_string_value(json_object_get(fallen, "at"));
	char advice[HEALTH_TEXT_BYTES];
	int64_t at_s = 0;

	if (at && civil_parse(at, 0, &at_s, NULL) == 0 && time(NULL) - at_s < FALLEN_S) {
		snprintf(advice, sizeof(advice), "pantau points --from %s --to %s --send",
			text(fallen, "from"), text(fallen, "to"));
		health_say(health, HEALTH_WARN, advice, "%" PRId64 " rows fell off the full outbox",
			number(fallen, "rows"));
		return true;
	}
	if (warning)
		health_say(health, HEALTH_WARN, "see docs/EXPORT.md", "%.250s", warning);
	else if (number(export, "refused"))
		health_say(health, HEALTH_WARN,
			"see the log, and export-refused.lines in the state folder",
			"%" PRId64 " points written, %" PRId64 " refused", number(export, "points"),
			number(export, "refused"));
	return warning || number(export, "refused");
}

static void check_export(const struct question *question, struct health *health)
{
	const json_t *export = json_object_get(question->ledger, "export");
	const char *error = json_string_value(json_object_get(export, "error"));

	if (!question->ledger)
		health_say(health, HEALTH_WARN, "", "unknown: the ledger does not answer");
	else if (!json_is_true(json_object_get(export, "on")))
		health_say(health, HEALTH_OK, "", "off: no time-series store is configured");
	else if (error)
		health_say(health, HEALTH_WARN,
			"see that the time-series store runs; what it has not taken waits and "
			"follows",
			"%" PRId64 " rows wait: %.200s", number(question->ledger, "outbox"), error);
	else if (!check_lost_points(question, health))
		health_say(health, HEALTH_OK, "",
			"%" PRId64 " points written, %" PRId64 " rows wait",
			number(export, "points"), number(question->ledger, "outbox"));
}

static void check_journal(const struct question *question, struct health *health)
{
	int64_t behind = inner_number(question->ingest, "ledger", "lag_records");

	if (!question->ingest)
		health_say(health, HEALTH_WARN, "", "unknown: ingest does not answer");
	else if (behind > LAG_WARN_RECORDS)
		health_say(health, HEALTH_WARN,
			"the ledger is slower than the agents, or stands still: read its log",
			"the ledger is %" PRId64 " records behind", behind);
	else
		health_say(
			health, HEALTH_OK, "", "the ledger is %" PRId64 " records behind", behind);
}

static void check_data(const struct question *question, struct health *health)
{
	health_data(question->state, health);
}

/* A collector without its page still does its duty: no more than a warning. */
static void check_web(const struct question *question, struct health *health)
{
	const char *listen = question->settings->web_listen;
	struct err err = {0};
	bool noted;

	if (web_probe(listen, &noted, &err))
		health_say(health, HEALTH_WARN, "start \"pantau-web\" and read its log", "%s",
			err.text);
	else if (!noted)
		health_say(health, HEALTH_WARN,
			"its log names the file and the reason: see that the disk has room",
			"http://%.200s/ answers; speed tests are not noted", listen);
	else
		health_say(health, HEALTH_OK, "", "http://%.200s/ answers", listen);
}

static void check_reflector(const struct question *question, struct health *health)
{
	const json_t *reflector = question->reflector;

	if (!*question->settings->reflector_listen)
		health_say(health, HEALTH_OK, "", "off: [reflector] listen is empty");
	else if (!reflector)
		health_say(health, HEALTH_WARN,
			"start \"pantau-collector reflector\" and read its log", "%s",
			question->reflector_err.text);
	else
		health_say(health, HEALTH_OK, "",
			"%" PRId64 " STAMP questions answered in %" PRId64 " sessions, %" PRId64
			" not signed with an agent's key",
			number(reflector, "answered"), number(reflector, "sessions"),
			number(reflector, "forged"));
}

static void check_alert(const struct question *question, struct health *health)
{
	health_alert(question->state, question->settings, health);
}

static const struct part {
	const char *name;
	void (*check)(const struct question *question, struct health *health);
	void (*look)(const char *state, struct health *health); /* alone, if there is no `check` */
} parts[HEALTH_PARTS] = {
	{"disk", check_disk},
	{"registry", check_registry},
	{"clock", check_clock},
	{"ingest", check_ingest},
	{"signer", check_signer},
	{"certificates", .look = health_certificates},
	{"journal", check_journal},
	{"ledger", check_ledger},
	{"data", check_data},
	{"witness", .look = health_witness},
	{"repair", .look = health_repair},
	{"closing", .look = health_closing},
	{"export", check_export},
	{"web", check_web},
	{"reflector", check_reflector},
	{"alert", check_alert},
};

static json_t *ask(const char *state, const char *name, struct err *err)
{
	uint8_t *text;
	size_t length;
	json_t *answer;

	if (ask_status(state, name, &text, &length, err))
		return NULL;
	answer = json_loadb((const char *)text, length, 0, NULL);
	if (!answer)
		err_set(err, -EBADMSG, "%s: its answer is no JSON", name);
	free(text);
	return answer;
}

void health_check(
	const char *state, const struct settings *settings, struct health ret_parts[HEALTH_PARTS])
{
	struct question question = {.state = state, .settings = settings};

	question.ingest = ask(state, "journal/ingest.sock", &question.ingest_err);
	question.ledger = ask(state, "ledger.sock", &question.ledger_err);
	question.reflector = ask(state, "journal/reflector.sock", &question.reflector_err);
	for (size_t i = 0; i < HEALTH_PARTS; i++) {
		ret_parts[i] = (struct health){.part = parts[i].name};
		if (parts[i].check)
			parts[i].check(&question, &ret_parts[i]);
		else
			parts[i].look(state, &ret_parts[i]);
	}
	json_decref(question.ingest);
	json_decref(question.ledger);
	json_decref(question.reflector);
}
