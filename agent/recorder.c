/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/recorder.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/core/anchors.h"
#include "agent/run_counter.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define NEAR_NAME "spool" /* in the runtime folder */
#define NTP_SAID_NAME "ntp" /* in the runtime folder: deploy/openwrt's hotplug makes it */
/* OpenWrt's ntpd never tells the kernel how wrong the clock may be. It steps what is off by more
 * than a second; the way there and back over a satellite may hide another half. */
#define NTP_SAID_ERROR_US 1500000
#define SAVE_EVERY_US 600000000ULL /* what is acknowledged: a restart asks the collector anyway */

struct recorder {
	struct spool *spool;
	struct anchors anchors;
	uint8_t boot[BOOT_BYTES];
	uint32_t run;
	uint64_t saved_us;
	uint64_t lost; /* as logged last */
	int trouble; /* the same */
	struct record *record; /* being built: too large for the stack */
	char ntp_said[PATH_MAX];
};

/* ---- adding */

static struct record *begin_record(struct recorder *recorder, enum record_kind kind)
{
	memset(recorder->record, 0, sizeof(*recorder->record));
	recorder->record->kind = kind;
	return recorder->record;
}

/* Says what has changed, once. */
static void note_figures(struct recorder *recorder)
{
	struct spool_figures figures = spool_figures(recorder->spool);

	if (figures.lost != recorder->lost)
		log_warn("spool: %llu records dropped that were not acknowledged, %llu in all",
			(unsigned long long)(figures.lost - recorder->lost),
			(unsigned long long)figures.lost);
	if (figures.trouble && !recorder->trouble)
		log_error("spool: nothing can be written: %s; records are kept in RAM meanwhile",
			strerror(figures.trouble));
	if (!figures.trouble && recorder->trouble)
		log_info("spool: records are written again");
	recorder->lost = figures.lost;
	recorder->trouble = figures.trouble;
}

static void add_record(struct recorder *recorder, const struct record *record)
{
	int status = spool_add(recorder->spool, record);

	if (status < 0)
		log_error("a record could not be kept: %s", strerror(-status));
	recorder_turn(recorder);
}

static void add(struct recorder *recorder)
{
	add_record(recorder, recorder->record);
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

void recorder_sketch(struct recorder *recorder, const struct slot *slot)
{
	int status;

	begin_record(recorder, RECORD_SLOT)->slot = *slot;
	status = spool_sketch(recorder->spool, recorder->record);
	if (status < 0)
		log_error("a turn could not be kept: %s", strerror(-status));
	recorder_turn(recorder);
}

void recorder_add(struct recorder *recorder, const struct record *record)
{
	add_record(recorder, record);
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

bool recorder_look_at_clock(struct recorder *recorder)
{
	struct clock_reading reading = {.error_us = NTP_SAID_ERROR_US};
	struct anchor anchor;

	if (unlink(recorder->ntp_said) < 0 && !clock_utc_synchronised(&reading.error_us))
		return false;
	reading.before_us = clock_boot_us();
	reading.utc_us = clock_utc_us();
	reading.after_us = clock_boot_us();
	if (anchor_from_clock(&reading, recorder->boot, &anchor) == 0)
		offer(recorder, &anchor);
	return true;
}

void recorder_doubt_clock(struct recorder *recorder)
{
	unlink(recorder->ntp_said); /* of the clock as it was before */
	recorder_look_at_clock(recorder);
}

/* ---- life */

static int open_spool(struct recorder *recorder, const struct settings *settings, struct err *err)
{
	char near[PATH_MAX];
	const struct spool_settings spool = {
		.folder = settings->spool_folder,
		.limit_bytes = (size_t)settings->spool_bytes,
		.near_folder = near,
	};
	int status = file_join(near, sizeof(near), settings->runtime_folder, NEAR_NAME);

	if (status < 0)
		return err_errno(err, status, "%s", settings->runtime_folder);
	return spool_open(&spool, &recorder->spool, err);
}

static int find_run(struct recorder *recorder, const struct settings *settings, struct err *err)
{
	uint32_t known = spool_last_run(recorder->spool);
	int status = run_counter_raise(settings->state_folder, known, &recorder->run, err);

	if (!spool_bears(status) && !run_counter_is_damaged(status))
		return status;
	log_error("%s: this start goes by a number drawn at random", err->text);
	return run_counter_draw(settings->state_folder, known, &recorder->run, err);
}

/* The number and the nonce of a run that begins. */
static int next_run(struct recorder *recorder, const struct settings *settings, uint64_t *ret_nonce,
	struct err *err)
{
	if (getrandom(ret_nonce, sizeof(*ret_nonce), 0) != sizeof(*ret_nonce))
		return err_errno(err, -errno, "no random numbers");
	return find_run(recorder, settings, err);
}

/* The slots that a power cut left unfinished become records, of a run between that one's and this
 * one's: under its own next number the cut run may have sent such a slot whole. */
static int add_unfinished(
	struct recorder *recorder, const struct settings *settings, struct err *err)
{
	uint64_t nonce;
	int status;

	if (!spool_has_unfinished(recorder->spool))
		return 0;
	status = next_run(recorder, settings, &nonce, err);
	if (status < 0)
		return status;
	status = spool_add_unfinished(recorder->spool, recorder->run, nonce);
	if (status < 0)
		log_error("a slot that was cut short could not be kept: %s", strerror(-status));
	return 0;
}

static int begin_run(struct recorder *recorder, const struct settings *settings,
	const struct recorder_start *how, struct err *err)
{
	struct start *start = &begin_record(recorder, RECORD_START)->start;
	int status = next_run(recorder, settings, &start->nonce, err);

	if (status < 0)
		return status;
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

static int open_recorder(struct recorder *recorder, const struct settings *settings,
	const struct recorder_start *start, struct err *err)
{
	int status;

	anchors_init(&recorder->anchors);
	recorder->saved_us = clock_boot_us();
	recorder->record = calloc(1, sizeof(*recorder->record));
	if (!recorder->record)
		return err_errno(err, -ENOMEM, "recorder");
	status = file_join(recorder->ntp_said, sizeof(recorder->ntp_said), settings->runtime_folder,
		NTP_SAID_NAME);
	if (status < 0)
		return err_errno(err, status, "%s", settings->runtime_folder);
	status = clock_boot_id(recorder->boot);
	if (status < 0)
		return err_errno(err, status, "the boot's id");
	status = open_spool(recorder, settings, err);
	if (status == 0)
		status = add_unfinished(recorder, settings, err);
	return status < 0 ? status : begin_run(recorder, settings, start, err);
}

int recorder_open(const struct settings *settings, const struct recorder_start *start,
	struct recorder **ret_recorder, struct err *err)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int status;

	if (!recorder)
		return err_errno(err, -ENOMEM, "recorder");
	status = open_recorder(recorder, settings, start, err);
	if (status < 0) {
		recorder_close(recorder);
		return status;
	}
	*ret_recorder = recorder;
	return 0;
}

uint64_t recorder_turn(struct recorder *recorder)
{
	uint64_t now_us = clock_boot_us(), due_us;

	spool_turn(recorder->spool, now_us);
	note_figures(recorder);
	due_us = spool_due(recorder->spool);
	if (due_us == UINT64_MAX)
		return UINT64_MAX;
	return due_us > now_us ? (due_us - now_us) / 1000 + 1 : 1;
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
