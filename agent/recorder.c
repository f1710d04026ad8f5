/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "agent/core/anchors.h"
#include "agent/run_counter.h"
#include "common/clock.h"
#include "common/log.h"

#define SAVE_EVERY_US 600000000ULL /* what is acknowledged: a restart asks the collector anyway */

struct recorder {
	struct spool *spool;
	struct anchors anchors;
	uint8_t boot[BOOT_BYTES];
	uint32_t run;
	uint64_t saved_us;
	uint64_t lost; /* as logged last */
	struct record *record; /* being built: too large for the stack */
};

/* ---- adding */

static struct record *begin_record(struct recorder *recorder, enum record_kind kind)
{
	memset(recorder->record, 0, sizeof(*recorder->record));
	recorder->record->kind = kind;
	return recorder->record;
}

static void add(struct recorder *recorder)
{
	int status = spool_add(recorder->spool, recorder->record);
	uint64_t lost = spool_figures(recorder->spool).lost;

	if (status < 0)
		log_error("a record could not be kept: %s", strerror(-status));
	if (lost != recorder->lost)
		log_warn("spool: %llu records dropped that were not acknowledged, %llu in all",
			(unsigned long long)(lost - recorder->lost), (unsigned long long)lost);
	recorder->lost = lost;
}

static void save_now_and_then(struct recorder *recorder)
{
	uint64_t now_us = clock_boot_us();

	if (now_us - recorder->saved_us < SAVE_EVERY_US)
		return;
	recorder->saved_us = now_us;
	spool_save(recorder->spool);
}

void recorder_slot(struct recorder *recorder, const struct slot *slot)
{
	begin_record(recorder, RECORD_SLOT)->slot = *slot;
	add(recorder);
	save_now_and_then(recorder);
}

void recorder_add(struct recorder *recorder, const struct record *record)
{
	*recorder->record = *record;
	add(recorder);
}

/* ---- time */

static void offer(struct recorder *recorder, const struct anchor *reading)
{
	if (!anchors_offer(&recorder->anchors, reading))
		return;
	begin_record(recorder, RECORD_ANCHOR)->anchor = *reading;
	add(recorder);
	log_debug("time from %s, give or take %llu us",
		reading->source == ANCHOR_NTP ? "NTP" : "the collector",
		(unsigned long long)reading->error_us);
}

void recorder_time(
	struct recorder *recorder, const struct time_answer *answer, uint64_t now_us, bool first)
{
	struct anchor anchor;

	if (first)
		anchors_want(&recorder->anchors);
	if (anchor_from_answer(answer, now_us, recorder->boot, &anchor) == 0)
		offer(recorder, &anchor);
}

void recorder_look_at_clock(struct recorder *recorder)
{
	struct clock_reading reading;
	struct anchor anchor;

	if (!clock_utc_synchronised(&reading.error_us))
		return;
	reading.before_us = clock_boot_us();
	reading.utc_us = clock_utc_us();
	reading.after_us = clock_boot_us();
	if (anchor_from_clock(&reading, recorder->boot, &anchor) == 0)
		offer(recorder, &anchor);
}

/* ---- life */

static int begin_run(struct recorder *recorder, const struct recorder_start *how, struct err *err)
{
	struct start *start = &begin_record(recorder, RECORD_START)->start;
	int status;

	if (getrandom(&start->nonce, sizeof(start->nonce), 0) != sizeof(start->nonce))
		return err_errno(err, -errno, "no random numbers");
	start->mono_us = clock_boot_us();
	memcpy(start->boot, recorder->boot, BOOT_BYTES);
	snprintf(start->software, sizeof(start->software), "%s", how->software);
	start->reset = how->reset;
	status = spool_begin(recorder->spool, recorder->run, start->nonce, recorder->boot);
	if (status < 0)
		return err_errno(err, status, "run %u cannot begin", recorder->run);
	add(recorder);
	return 0;
}

int recorder_open(const struct settings *settings, const struct recorder_start *start,
	struct recorder **ret_recorder, struct err *err)
{
	const struct spool_settings spool = {
		.folder = settings->spool_folder, .limit_bytes = (size_t)settings->spool_bytes};
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int status = -ENOMEM;

	if (!recorder)
		return err_errno(err, status, "recorder");
	anchors_init(&recorder->anchors);
	recorder->saved_us = clock_boot_us();
	recorder->record = calloc(1, sizeof(*recorder->record));
	if (!recorder->record) {
		err_errno(err, status, "recorder");
		goto close_recorder;
	}
	status = clock_boot_id(recorder->boot);
	if (status < 0) {
		err_errno(err, status, "the boot's id");
		goto close_recorder;
	}
	status = spool_open(&spool, &recorder->spool, err);
	if (status < 0)
		goto close_recorder;
	status = run_counter_raise(
		settings->state_folder, spool_last_run(recorder->spool), &recorder->run, err);
	if (status == 0)
		status = begin_run(recorder, start, err);
	if (status < 0)
		goto close_recorder;
	*ret_recorder = recorder;
	return 0;
close_recorder:
	recorder_close(recorder);
	return status;
}

void recorder_stop(struct recorder *recorder)
{
	struct stop *stop = &begin_record(recorder, RECORD_STOP)->stop;
	int status;

	stop->mono_us = clock_boot_us();
	memcpy(stop->boot, recorder->boot, BOOT_BYTES);
	add(recorder);
	spool_save(recorder->spool);
	status = spool_sync(recorder->spool);
	if (status < 0)
		log_error("the spool could not be made durable: %s", strerror(-status));
}

uint32_t recorder_run(const struct recorder *recorder)
{
	return recorder->run;
}

const uint8_t *recorder_boot(const struct recorder *recorder)
{
	return recorder->boot;
}

struct spool *recorder_spool(const struct recorder *recorder)
{
	return recorder->spool;
}

void recorder_close(struct recorder *recorder)
{
	if (!recorder)
		return;
	if (recorder->spool)
		spool_save(recorder->spool);
	spool_close(recorder->spool);
	free(recorder->record);
	free(recorder);
}
