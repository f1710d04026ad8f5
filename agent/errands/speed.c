/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/errands/speed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/errands/budget_file.h"
#include "agent/errands/helper.h"
#include "agent/errands/missing.h"
#include "agent/errands/pauses.h"
#include "agent/errands/speed_test.h"
#include "agent/errands/speed_wan.h"
#include "common/clock.h"
#include "common/log.h"

#define LOOK_MS 10000 /* of others' traffic */
#define LEASE_MS 30000 /* a collector that does not answer says: later */
#define LEASE_TRIES 3
#define LEASE_WAIT_MAX_S 600
#define MS_PER_S 1000
#define US_PER_S 1000000ULL

enum phase {
	PHASE_RESTING, /* until the next test is due */
	PHASE_LOOKING, /* at others' traffic */
	PHASE_ASKING, /* for a lease */
	PHASE_WAITING, /* to ask again */
	PHASE_TESTING,
};

struct speed_errand {
	const struct errand_context *context;
	enum phase phase;
	uv_timer_t timer;
	size_t turn; /* which WAN */
	uint64_t looked_us; /* when the looking began */
	struct link looked; /* the counters then */
	uint32_t lease; /* 0: none is held or asked for */
	uint32_t lease_s; /* how long it holds */
	unsigned asked; /* times, for this test */
	struct speed_test *test; /* PHASE_TESTING */
	struct missing missing;
	struct budget_file budget;
	bool silent[SETTINGS_WANS]; /* the last slot had questions and no answer */
};

static void begin(struct speed_errand *errand);

static const struct errand_wan *wan_of(const struct speed_errand *errand)
{
	return &errand->context->wans[errand->turn];
}

/* ---- what is told */

static struct speed_test_settings settings_of(const struct speed_errand *errand)
{
	const struct errand_context *context = errand->context;

	return (struct speed_test_settings){
		.loop = context->loop,
		.helper = context->settings->helper,
		.server = context->settings->speed.server,
		.down_bytes = context->settings->speed.down_bytes,
		.up_bytes = context->settings->speed.up_bytes,
		.public_only = context->settings->speed.public_only,
		.interface = wan_interface_name(wan_of(errand)->wan),
		.boot = context->boot,
		.lease_s = errand->lease_s,
		.wan = wan_of(errand)->name,
		.probers = context->probers,
	};
}

static void tell(struct speed_errand *errand, const struct speed *speed)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return; /* a test is lost, not the agent */
	record->kind = RECORD_SPEED;
	record->speed = *speed;
	errand->context->record(errand->context->arg, record);
	free(record);
}

/* ---- the next one */

static void rest(struct speed_errand *errand, uint64_t pause_ms)
{
	errand->phase = PHASE_RESTING;
	errand->turn = 0;
	uv_timer_start(&errand->timer, errand->timer.timer_cb, pause_ms, 0);
}

static void give_back(struct speed_errand *errand)
{
	if (errand->lease)
		errand->context->lease_return(errand->context->arg, errand->lease);
	errand->lease = 0;
}

static void go_on(struct speed_errand *errand)
{
	give_back(errand);
	errand->asked = 0;
	if (errand->turn + 1 < errand->context->wan_count) {
		errand->turn++;
		begin(errand);
	} else {
		rest(errand, pauses_next_ms(errand->context->settings->speed.interval_s));
	}
}

static void skip_with(
	struct speed_errand *errand, enum speed_reason reason, uint64_t rx, uint64_t tx)
{
	const struct speed_test_settings settings = settings_of(errand);
	struct speed speed;

	speed_test_skipped(&settings, reason, &speed);
	speed.other_rx_bytes = rx;
	speed.other_tx_bytes = tx;
	tell(errand, &speed);
	go_on(errand);
}

static void skip(struct speed_errand *errand, enum speed_reason reason)
{
	skip_with(errand, reason, 0, 0);
}

/* ---- what it costs */

static int read_counters(const struct speed_errand *errand, struct link *ret_link)
{
	return speed_wan_counters(errand->context->netlink, wan_of(errand), ret_link);
}

static uint64_t most_of(const struct speed_errand *errand)
{
	const struct settings *settings = errand->context->settings;

	return budget_most(
		(uint64_t)settings->speed.down_bytes + (uint64_t)settings->speed.up_bytes);
}

/* Durable before the first byte moves: whoever cuts a test short does not make it free. */
static int charge(struct speed_errand *errand)
{
	struct link link = {0};
	struct err err;
	int status;

	read_counters(errand, &link);
	status = budget_file_hold(&errand->budget, most_of(errand), &link, &err);
	if (status < 0)
		log_warn("speed tests' budget: %s", err.text);
	return status;
}

static void settle(struct speed_errand *errand, const struct speed *speed)
{
	struct link link = {0};

	read_counters(errand, &link);
	budget_file_settle(&errand->budget, speed->down.bytes + speed->up.bytes,
		speed->other_rx_bytes + speed->other_tx_bytes, &link);
}

/* ---- the test */

static void on_tested(void *arg, const struct speed *speed, const struct sample_detail *detail)
{
	struct speed_errand *errand = arg;

	if (speed_test_is_told(errand->test))
		settle(errand, speed);
	errand->test = NULL;
	if (*detail->text)
		log_info("speed: %s", detail->text);
	tell(errand, speed);
	go_on(errand);
}

static void test(struct speed_errand *errand)
{
	struct speed_test_settings settings = settings_of(errand);

	errand->phase = PHASE_TESTING;
	if (charge(errand) < 0) {
		skip(errand, SPEED_REASON_OTHER);
		return;
	}
	speed_wan_choose_echo(wan_of(errand), &settings.echo);
	if (speed_test_start(&settings, on_tested, errand, &errand->test) < 0) {
		budget_file_call_off(&errand->budget);
		skip(errand, SPEED_REASON_OTHER);
	}
}

/* ---- the lease */

static void on_lease(void *arg, bool granted, uint32_t seconds)
{
	struct speed_errand *errand = arg;

	if (errand->phase != PHASE_ASKING)
		return; /* it came too late */
	uv_timer_stop(&errand->timer);
	if (granted) {
		errand->lease_s = seconds ? seconds : 1;
		test(errand);
		return;
	}
	errand->lease = 0;
	if (errand->asked >= LEASE_TRIES) {
		skip(errand, SPEED_REASON_LEASE);
		return;
	}
	if (seconds > LEASE_WAIT_MAX_S)
		seconds = LEASE_WAIT_MAX_S;
	errand->phase = PHASE_WAITING;
	uv_timer_start(&errand->timer, errand->timer.timer_cb, pauses_next_ms(seconds), 0);
}

static void ask_lease(struct speed_errand *errand)
{
	const struct errand_context *context = errand->context;
	uint32_t lease;

	errand->phase = PHASE_ASKING;
	errand->asked++;
	uv_timer_start(&errand->timer, errand->timer.timer_cb, LEASE_MS, 0);
	lease = context->lease_ask(context->arg, wan_of(errand)->name, on_lease, errand);
	/* It may have answered already. */
	if (errand->phase == PHASE_ASKING || errand->phase == PHASE_TESTING)
		errand->lease = lease;
}

/* ---- others' traffic */

static void look(struct speed_errand *errand)
{
	if (read_counters(errand, &errand->looked) < 0) {
		skip(errand, SPEED_REASON_DOWN);
		return;
	}
	errand->phase = PHASE_LOOKING;
	errand->looked_us = clock_boot_us();
	uv_timer_start(&errand->timer, errand->timer.timer_cb, LOOK_MS, 0);
}

static void take_look(struct speed_errand *errand)
{
	uint64_t elapsed_us = clock_boot_us() - errand->looked_us;
	struct speed_traffic others;
	struct link now;

	if (read_counters(errand, &now) < 0 ||
		speed_wan_traffic(&errand->looked, &now, elapsed_us, &others) < 0)
		skip(errand, SPEED_REASON_DOWN); /* it went, and perhaps came back, meanwhile */
	else if (others.kbps > errand->context->settings->speed.busy_kbps)
		skip_with(errand, SPEED_REASON_BUSY, others.rx_bytes, others.tx_bytes);
	else
		ask_lease(errand);
}

/* ---- whether at all */

static bool is_down(const struct speed_errand *errand)
{
	return errand->silent[errand->turn] || speed_wan_is_mute(wan_of(errand));
}

static bool is_spent(struct speed_errand *errand)
{
	return budget_file_spent(&errand->budget) + most_of(errand) >
		(uint64_t)errand->context->settings->speed.month_bytes;
}

static void begin(struct speed_errand *errand)
{
	errand->asked = 0;
	if (!helper_is_there(errand->context->settings->helper)) {
		if (missing_is_news(&errand->missing, errand->turn)) {
			log_warn("speed: %s is not installed", errand->context->settings->helper);
			skip(errand, SPEED_REASON_OTHER);
		} else {
			go_on(errand);
		}
	} else if (is_down(errand)) {
		skip(errand, SPEED_REASON_DOWN);
	} else if (is_spent(errand)) {
		skip(errand, SPEED_REASON_BUDGET);
	} else {
		look(errand);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct speed_errand *errand = timer->data;

	switch (errand->phase) {
	case PHASE_RESTING: begin(errand); break;
	case PHASE_LOOKING: take_look(errand); break;
	case PHASE_ASKING:
		give_back(errand);
		on_lease(errand, false, 1);
		break;
	case PHASE_WAITING: ask_lease(errand); break;
	case PHASE_TESTING: break;
	}
}

/* ---- life */

static int speed_open(const struct errand_context *context, void **ret_errand, struct err *err)
{
	struct speed_errand *errand;

	if (!*context->settings->speed.server || !context->wan_count)
		return 0;
	errand = calloc(1, sizeof(*errand));
	if (!errand)
		return err_errno(err, -ENOMEM, "speed tests");
	errand->context = context;
	budget_file_open(&errand->budget, context->settings->state_folder);
	uv_timer_init(context->loop, &errand->timer);
	errand->timer.data = errand;
	uv_timer_start(
		&errand->timer, on_timer, pauses_first_ms(context->settings->speed.interval_s), 0);
	*ret_errand = errand;
	return 0;
}

/* The slot tells what the rounds found: a WAN that carries nothing needs no test to say so. */
static void speed_annotate(void *arg, const char *name, struct slot *slot)
{
	struct speed_errand *errand = arg;
	bool asked = false, answered = false;

	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];

		if (slot->targets[probe->target].class != CLASS_INTERNET)
			continue;
		asked = true;
		answered |= probe->outcome == OUTCOME_ANSWERED;
	}
	for (size_t i = 0; i < errand->context->wan_count; i++)
		if (strcmp(errand->context->wans[i].name, name) == 0)
			errand->silent[i] = asked && !answered;
}

/* What it moved is not known: the most that it may have moved stays charged. */
static void speed_stop(void *arg)
{
	struct speed_errand *errand = arg;
	const struct speed_test_settings settings = settings_of(errand);
	struct speed speed;

	if (!errand->test)
		return;
	speed_test_skipped(&settings, SPEED_REASON_INTERRUPTED, &speed);
	speed.outcome = SPEED_FAILED;
	speed_test_cancel(errand->test);
	errand->test = NULL;
	tell(errand, &speed);
	give_back(errand);
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void speed_close(void *arg)
{
	struct speed_errand *errand = arg;

	speed_test_cancel(errand->test);
	give_back(errand);
	uv_close((uv_handle_t *)&errand->timer, on_closed);
}

const struct errand_type errand_speed = {
	.name = "speed",
	.open = speed_open,
	.annotate = speed_annotate,
	.stop = speed_stop,
	.close = speed_close,
};
