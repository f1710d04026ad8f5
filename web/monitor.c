/* SPDX-License-Identifier: Apache-2.0 */
#include "web/monitor.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry.h"
#include "common/clock.h"
#include "web/limits.h"
#include "web/ticker.h"

#define CURSOR_BYTES 48 /* two numbers of 20 digits */

struct monitor {
	const char *state;
	struct ticker *ticker;
	/* of the ticker's thread alone */
	char cursor[CURSOR_BYTES]; /* where the ledger was in the journal, in ingest's words */
	uint64_t cursor_us; /* since when, by the clock since boot */
	pthread_mutex_t lock; /* for all below */
	struct status *ingest, *ledger; /* NULL: does not answer */
	struct monitor_health health;
	char speed[MONITOR_WORDS_BYTES]; /* as told; "": well */
};

const char *monitor_part_name(enum monitor_part part)
{
	static const char *const names[PART_COUNT] = {
		[PART_REGISTRY] = "registry",
		[PART_INGEST] = "ingest",
		[PART_JOURNAL] = "journal",
		[PART_LEDGER] = "ledger",
		[PART_LAG] = "lag",
		[PART_DATA] = "data",
		[PART_SPEED] = "speed",
	};

	return names[part];
}

/* ---- judgement */

static void fault(struct monitor_health *health, enum monitor_part part, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fault(struct monitor_health *health, enum monitor_part part, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	health->parts[part].ok = false;
	vsnprintf(health->parts[part].words, MONITOR_WORDS_BYTES, format, values);
	va_end(values);
}

/* Cuts each word that looks like a path: what is public need not say where things lie. */
static void strip_paths(char *words)
{
	char *to = words;

	for (char *from = words; *from;) {
		size_t length = strcspn(from, " ");

		if (!memchr(from, '/', length)) {
			memmove(to, from, length);
			to += length;
		} else {
			*to++ = '*';
		}
		from += length;
		if (*from)
			*to++ = *from++;
	}
	*to = '\0';
}

/* What keeps a process from writing, if anything does, in its own words. */
static void judge_words(struct monitor_health *health, enum monitor_part part, const char *effect,
	const char *words)
{
	if (!words || !*words)
		return;
	fault(health, part, "%s: %s", effect, words);
	strip_paths(health->parts[part].words);
}

static void judge_lag(const struct status *ingest, int64_t stalled_s, struct monitor_health *health)
{
	double behind = 0;

	if (!ingest || !status_number(ingest, "ledger.lag_records", &behind))
		fault(health, PART_LAG, "not known while ingest does not answer");
	else if (behind > HEALTH_BEHIND_MAX)
		fault(health, PART_LAG, "the ledger is %.0f records behind the journal", behind);
	else if (behind > 0 && stalled_s > HEALTH_STALL_S)
		fault(health, PART_LAG,
			"the ledger has stood still for %lld s, %.0f records behind",
			(long long)stalled_s, behind);
}

/* What is lost is lost: no fault that somebody could mend now, but nobody should overlook it. */
static void judge_data(const struct status *ledger, struct monitor_health *health)
{
	double done = 1, runs = 0;
	char *words = health->parts[PART_DATA].words;

	if (!ledger)
		return;
	status_number(ledger, "mending.done", &done);
	status_number(ledger, "mending.lost_runs", &runs);
	if (done < 1)
		fault(health, PART_DATA, "the ledger was damaged and is made anew");
	else if (runs > 0)
		snprintf(words, MONITOR_WORDS_BYTES,
			"the ledger was damaged: of %.0f runs of agents records are missing", runs);
}

void monitor_judge(const struct status *ingest, const struct status *ledger, int64_t stalled_s,
	struct monitor_health *ret_health)
{
	struct monitor_health health = {0};

	for (int i = 0; i < PART_COUNT; i++)
		health.parts[i].ok = true;
	if (!ingest) {
		fault(&health, PART_INGEST, "the process ingest does not answer");
		fault(&health, PART_JOURNAL, "not known while ingest does not answer");
	} else {
		judge_words(&health, PART_JOURNAL, "nothing is acknowledged",
			status_text(ingest, "cannot_write"));
	}
	if (!ledger)
		fault(&health, PART_LEDGER, "the process ledger does not answer");
	else
		judge_words(&health, PART_LEDGER, "counting stands still",
			status_text(ledger, "fault"));
	judge_lag(ingest, stalled_s, &health);
	judge_data(ledger, &health);
	*ret_health = health;
}

/* ---- asking */

static void check_registry(const char *state, struct monitor_health *health)
{
	struct registry *registry = NULL;
	int r = registry_open(state, REGISTRY_READ, NULL, &registry, NULL);

	registry_close(registry);
	if (r == -ENOENT)
		fault(health, PART_REGISTRY, "there is no registry yet: run pantau init");
	else if (r < 0)
		fault(health, PART_REGISTRY, "it cannot be read: %s", strerror(-r));
}

/* For how long the ledger's place in the journal has been the same. */
static int64_t watch_cursor(struct monitor *monitor, const struct status *ingest)
{
	const char *cursor = ingest ? status_text(ingest, "ledger.cursor") : NULL;
	uint64_t now_us = clock_boot_us();

	if (!cursor || strcmp(cursor, monitor->cursor) != 0) {
		snprintf(monitor->cursor, sizeof(monitor->cursor), "%s", cursor ? cursor : "");
		monitor->cursor_us = now_us;
	}
	return (int64_t)((now_us - monitor->cursor_us) / 1000000);
}

static void ask_all(void *arg)
{
	struct monitor *monitor = arg;
	struct status *ingest = NULL, *ledger = NULL, *old_ingest, *old_ledger;
	struct monitor_health health;

	status_ask(monitor->state, "ingest", &ingest, NULL);
	status_ask(monitor->state, "ledger", &ledger, NULL);
	monitor_judge(ingest, ledger, watch_cursor(monitor, ingest), &health);
	check_registry(monitor->state, &health);
	pthread_mutex_lock(&monitor->lock);
	old_ingest = monitor->ingest;
	old_ledger = monitor->ledger;
	monitor->ingest = ingest;
	monitor->ledger = ledger;
	monitor->health = health;
	pthread_mutex_unlock(&monitor->lock);
	status_free(old_ingest);
	status_free(old_ledger);
}

/* ---- life */

static void monitor_free(struct monitor *monitor)
{
	status_free(monitor->ingest);
	status_free(monitor->ledger);
	pthread_mutex_destroy(&monitor->lock);
	free(monitor);
}

int monitor_start(const char *state, struct monitor **ret_monitor, struct err *err)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int r;

	if (!monitor)
		return err_errno(err, -ENOMEM, "health");
	monitor->state = state;
	pthread_mutex_init(&monitor->lock, NULL);
	ask_all(monitor);
	r = ticker_start(HEALTH_POLL_MS, ask_all, monitor, &monitor->ticker, err);
	if (r < 0) {
		monitor_free(monitor);
		return r;
	}
	*ret_monitor = monitor;
	return 0;
}

void monitor_stop(struct monitor *monitor)
{
	if (!monitor)
		return;
	ticker_stop(monitor->ticker);
	monitor_free(monitor);
}

void monitor_tell_speed(struct monitor *monitor, const char *words)
{
	pthread_mutex_lock(&monitor->lock);
	snprintf(monitor->speed, sizeof(monitor->speed), "%s", words);
	pthread_mutex_unlock(&monitor->lock);
}

void monitor_health(struct monitor *monitor, struct monitor_health *ret_health)
{
	pthread_mutex_lock(&monitor->lock);
	*ret_health = monitor->health;
	if (*monitor->speed)
		fault(ret_health, PART_SPEED, "%s", monitor->speed);
	pthread_mutex_unlock(&monitor->lock);
}

void monitor_lend(struct monitor *monitor,
	void (*use)(void *arg, const struct status *ingest, const struct status *ledger), void *arg)
{
	pthread_mutex_lock(&monitor->lock);
	use(arg, monitor->ingest, monitor->ledger);
	pthread_mutex_unlock(&monitor->lock);
}
