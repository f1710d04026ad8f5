/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/evidence.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/observation.h"
#include "agent/errands/sources.h"
#include "agent/run_once.h"
#include "common/clock.h"
#include "common/crc32c.h"
#include "common/file.h"
#include "common/log.h"

#define FIRST_MS 1000 /* after the start: what else is starting has begun by then */
#define MS_PER_S 1000
#define DEADLINE_MS 5000
#define REPEAT_US (3600 * 1000000ULL) /* said again although it is as before: it is still there */
#define LOGGED_MAX 5 /* bad lines of a source: the rest is of the same sort */
#define FAULT_KEY "fault" /* of an observation that tells why there is none */

struct said { /* of one source */
	char name[SOURCE_NAME_BYTES]; /* of the file */
	uint32_t items; /* a sum over those recorded last */
	uint64_t recorded_us; /* 0: never */
	uint32_t complaints; /* a sum over what was wrong: logged once */
};

struct evidence {
	struct errand_context context;
	uv_timer_t timer;
	struct sources sources; /* of this round */
	size_t at; /* the one being asked */
	struct run_once *run; /* of that one; NULL: none */
	size_t said_count;
	struct said said[SOURCES_MAX];
	struct record *record; /* being built: too large for the stack */
	uint32_t complaints; /* of the source being asked */
	unsigned logged; /* of them */
};

static void ask_next(struct evidence *evidence);

/* ---- what a source said */

static struct said *said_of(struct evidence *evidence, const char *name)
{
	size_t oldest = 0;

	for (size_t i = 0; i < evidence->said_count; i++) {
		if (strcmp(evidence->said[i].name, name) == 0)
			return &evidence->said[i];
		if (evidence->said[i].recorded_us < evidence->said[oldest].recorded_us)
			oldest = i;
	}
	if (evidence->said_count < SOURCES_MAX)
		oldest = evidence->said_count++;
	evidence->said[oldest] = (struct said){.recorded_us = 0};
	strcpy(evidence->said[oldest].name, name);
	return &evidence->said[oldest];
}

static const char *name_at(const struct evidence *evidence)
{
	return evidence->sources.names[evidence->at];
}

static void sum_up(void *arg, const struct observation_bad_line *line)
{
	struct evidence *evidence = arg;

	evidence->complaints = crc32c(evidence->complaints, &line->line, sizeof(line->line)) +
		line->fault;
	evidence->complaints = crc32c(evidence->complaints, line->text, strlen(line->text));
}

static void complain(void *arg, const struct observation_bad_line *line)
{
	struct evidence *evidence = arg;

	if (++evidence->logged > LOGGED_MAX)
		return;
	log_warn("%s/%s:%u: \"%s\": %s", evidence->context.settings->evidence.folder,
		name_at(evidence), line->line, line->text, observation_fault_words(line->fault));
}

/* Beside what it said, or in its place: half a reading must not look whole. */
static void note_fault(struct observation *observation, const char *fault)
{
	struct observation_item *item;

	if (observation->item_count == OBSERVATION_ITEMS_MAX)
		observation->item_count--;
	item = &observation->items[observation->item_count++];
	memset(item, 0, sizeof(*item));
	strcpy(item->key, FAULT_KEY);
	snprintf(item->value, sizeof(item->value), "%s", fault);
}

static void record_if_new(struct evidence *evidence, struct said *said)
{
	struct observation *observation = &evidence->record->observation;
	size_t bytes = observation->item_count * sizeof(observation->items[0]);
	uint32_t items = crc32c(0, observation->items, bytes);
	uint64_t now_us = clock_boot_us();

	if (said->recorded_us && said->items == items && now_us - said->recorded_us < REPEAT_US)
		return;
	if (!observation_source_of(said->name, observation->source) ||
		strcmp(observation->source, OBSERVATION_COMMISSION) == 0) {
		if (!said->recorded_us)
			log_warn("%s/%s: no source may be called so: over %d bytes, or %s",
				evidence->context.settings->evidence.folder, said->name,
				OBSERVATION_SOURCE_MAX, OBSERVATION_COMMISSION);
		said->recorded_us = now_us;
		return;
	}
	said->items = items;
	said->recorded_us = now_us;
	observation->mono_us = now_us;
	memcpy(observation->boot, evidence->context.boot, BOOT_BYTES);
	evidence->context.record(evidence->context.arg, evidence->record);
}

/* `fault`: why it did not say all, or NULL. */
static void take(struct evidence *evidence, const char *text, size_t length, const char *fault)
{
	struct observation *observation = &evidence->record->observation;
	struct said *said = said_of(evidence, name_at(evidence));

	memset(evidence->record, 0, sizeof(*evidence->record));
	evidence->record->kind = RECORD_OBSERVATION;
	evidence->complaints = fault ? crc32c(0, fault, strlen(fault)) : 0;
	observation_parse(observation, text, length, sum_up, evidence);
	if (evidence->complaints && evidence->complaints != said->complaints) {
		if (fault)
			log_warn("%s/%s: %s", evidence->context.settings->evidence.folder,
				said->name, fault);
		evidence->logged = 0;
		observation_parse(observation, text, length, complain, evidence);
	}
	said->complaints = evidence->complaints;
	if (fault)
		note_fault(observation, fault);
	if (observation->item_count)
		record_if_new(evidence, said);
}

/* ---- asking */

static void on_done(void *arg, const struct run_once_result *result)
{
	struct evidence *evidence = arg;
	char fault[64];

	evidence->run = NULL;
	if (result->end == RUN_ONCE_DEADLINE)
		snprintf(fault, sizeof(fault), "not finished after %d s", DEADLINE_MS / MS_PER_S);
	else if (result->end == RUN_ONCE_TOO_MUCH)
		snprintf(fault, sizeof(fault), "more than %d bytes", SOURCE_TEXT_MAX);
	else
		snprintf(fault, sizeof(fault), "ended with %d", result->exit_status);
	take(evidence, result->output, result->length,
		result->end != RUN_ONCE_EXITED || result->exit_status ? fault : NULL);
	evidence->at++;
	ask_next(evidence);
}

static int run(struct evidence *evidence, const char *path)
{
	const char *argv[] = {path, NULL};
	const struct run_once_settings settings = {
		.loop = evidence->context.loop,
		.argv = argv,
		.deadline_ms = DEADLINE_MS,
		.output_bytes_max = SOURCE_TEXT_MAX,
	};

	return run_once_start(&settings, on_done, evidence, &evidence->run);
}

/* true: the answer comes later. */
static bool ask(struct evidence *evidence)
{
	char path[PATH_MAX], text[SOURCE_TEXT_MAX + 1];
	int status = file_join(
		path, sizeof(path), evidence->context.settings->evidence.folder, name_at(evidence));

	if (status == 0 && source_is_program(path)) {
		status = run(evidence, path);
		if (status == 0)
			return true;
	} else if (status == 0) {
		status = source_read(path, text);
	}
	take(evidence, text, status > 0 ? (size_t)status : 0,
		status < 0 ? strerror(-status) : NULL);
	return false;
}

static void ask_next(struct evidence *evidence)
{
	while (evidence->at < evidence->sources.count) {
		if (ask(evidence))
			return;
		evidence->at++;
	}
}

static void on_round(uv_timer_t *timer)
{
	struct evidence *evidence = timer->data;
	bool had_too_many = evidence->sources.too_many;

	if (evidence->run)
		return; /* sixteen that hang take 80 s: the round before is not over */
	evidence->at = 0;
	if (sources_list(evidence->context.settings->evidence.folder, &evidence->sources) < 0)
		evidence->sources.count = 0; /* not there: nobody put anything there yet */
	if (evidence->sources.too_many && !had_too_many)
		log_warn("%s: more than %d sources; the others are left out",
			evidence->context.settings->evidence.folder, SOURCES_MAX);
	ask_next(evidence);
}

/* ---- life */

static void free_evidence(struct evidence *evidence)
{
	free(evidence->record);
	free(evidence);
}

static int open_evidence(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct evidence *evidence;

	if (!*context->settings->evidence.folder)
		return 0;
	evidence = calloc(1, sizeof(*evidence));
	if (!evidence)
		return err_errno(err, -ENOMEM, "evidence");
	evidence->context = *context;
	evidence->record = calloc(1, sizeof(*evidence->record));
	if (!evidence->record) {
		free_evidence(evidence);
		return err_errno(err, -ENOMEM, "evidence");
	}
	uv_timer_init(context->loop, &evidence->timer);
	evidence->timer.data = evidence;
	uv_timer_start(&evidence->timer, on_round, FIRST_MS,
		(uint64_t)context->settings->evidence.interval_s * MS_PER_S);
	*ret_errand = evidence;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	free_evidence(handle->data);
}

static void close_evidence(void *errand)
{
	struct evidence *evidence = errand;

	run_once_cancel(evidence->run);
	uv_close((uv_handle_t *)&evidence->timer, on_closed);
}

const struct errand_type errand_evidence = {
	.name = "evidence",
	.open = open_evidence,
	.close = close_evidence,
};
