/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/measure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/uplink/kept_addresses.h"
#include "common/clock.h"

#define US_PER_MS 1000

struct asked { /* a question on its way */
	struct measure *measure;
	struct asked *next;
	struct question question;
};

struct measure {
	struct measure_events events;
	const struct probers *probers;
	struct wan *wan;
	struct watch *watch;
	struct settings_stamp stamp;
	const char *state_folder; /* where it is kept what answers by a name */
	struct probe_secret secret; /* shared with the STAMP reflector */
	enum carrier carrier; /* as told last */
	char name[WAN_NAME_MAX + 1];
	struct asked *asked;
	struct slot *slot; /* the one being handed over: too large for the stack */
	bool stopped;
	uv_timer_t timer;
};

static void set_timer(struct measure *measure);

/* ---- facts */

static void tell_carrier(struct measure *measure, enum carrier carrier)
{
	if (carrier == measure->carrier)
		return;
	if (measure->carrier != CARRIER_UNKNOWN)
		watch_event(measure->watch, clock_boot_us(),
			carrier == CARRIER_DOWN ? EVENT_CARRIER_DOWN : EVENT_CARRIER_UP, 0);
	measure->carrier = carrier;
}

static void set_stamp(struct measure *measure)
{
	struct settings_stamp *stamp = &measure->stamp;
	struct target target;
	bool can = !*stamp->collector ||
		kept_addresses_find(
			measure->state_folder, stamp->collector, &stamp->target.address);
	/* One on this machine itself says nothing of the link. */
	can = can && stamp->target.port && !address_is_loopback(&stamp->target.address) &&
		wan_map(measure->wan, &stamp->target, &target);
	watch_set_stamp(measure->watch, can ? &target : NULL, stamp->every_us);
}

static void look_again(struct measure *measure, struct wan_reading *ret_reading)
{
	struct target targets[SLOT_TARGETS_MAX];
	size_t count;

	wan_refresh(measure->wan);
	wan_read(measure->wan, ret_reading);
	count = wan_targets(measure->wan, targets);
	watch_set_targets(measure->watch, targets, count);
	set_stamp(measure);
	tell_carrier(measure, ret_reading->carrier);
}

/* ---- slots */

static void hand_over(struct measure *measure)
{
	while (watch_take(measure->watch, measure->slot))
		measure->events.slot(
			measure->events.arg, measure->slot, wan_interface_name(measure->wan));
}

/* What turned is told before its slot is finished: the power may not last so long. */
static void tell_turn(struct measure *measure)
{
	struct wan_reading reading;

	if (!watch_turned(measure->watch))
		return;
	wan_read(measure->wan, &reading);
	if (watch_sketch(measure->watch, clock_boot_us(), &reading, measure->slot))
		measure->events.sketch(measure->events.arg, measure->slot);
}

static void turn_slot(struct measure *measure, uint64_t now_us)
{
	struct wan_reading reading;

	look_again(measure, &reading);
	watch_turn(measure->watch, now_us, &reading);
	measure->events.turn(measure->events.arg, now_us);
}

void measure_take_link(struct measure *measure, const struct link *link)
{
	if (measure->stopped || !wan_take_link(measure->wan, link))
		return;
	tell_carrier(measure, link->carrier);
	tell_turn(measure);
}

void measure_take_change(struct measure *measure)
{
	struct wan_reading reading;

	if (measure->stopped)
		return;
	look_again(measure, &reading);
	tell_turn(measure);
}

static void on_wan_changed(void *arg)
{
	measure_take_change(arg);
}

void measure_take_step(struct measure *measure, int64_t step_us)
{
	struct wan_reading reading;

	if (measure->stopped)
		return;
	look_again(measure, &reading);
	watch_step(measure->watch, clock_boot_us(), step_us, &reading);
	hand_over(measure);
	tell_turn(measure);
	set_timer(measure);
}

/* ---- questions */

static void forget_asked(struct asked *asked)
{
	struct asked **at = &asked->measure->asked;

	while (*at != asked)
		at = &(*at)->next;
	*at = asked->next;
	free(asked);
}

static void on_answer(void *arg, const struct answer *answer)
{
	struct asked *asked = arg;
	struct measure *measure = asked->measure;

	watch_heard(measure->watch, &asked->question, answer);
	if (asked->question.target.class == CLASS_GATEWAY && asked->question.follow_up)
		wan_gateway_heard(
			measure->wan, answer->sent_us, answer->outcome == OUTCOME_ANSWERED);
	forget_asked(asked);
	if (measure->stopped)
		return;
	hand_over(measure);
	tell_turn(measure);
	set_timer(measure);
}

static enum refusal send_question(struct measure *measure, const struct question *question)
{
	struct probe_request request = {.target = question->target, .done = on_answer};
	struct wan_way way;
	enum refusal refusal = wan_way(measure->wan, &question->target.address, &way);
	struct asked *asked;

	if (refusal != REFUSAL_NONE)
		return refusal;
	asked = malloc(sizeof(*asked));
	if (!asked)
		return REFUSAL_OTHER;
	*asked = (struct asked){.measure = measure, .next = measure->asked, .question = *question};
	measure->asked = asked;
	request.arg = asked;
	request.interface = way.interface;
	request.source = way.source;
	request.secret = question->kind == PROBE_STAMP ? &measure->secret : NULL;
	refusal = probers_ask(measure->probers, question->kind, &request);
	if (refusal != REFUSAL_NONE)
		forget_asked(asked);
	return refusal;
}

static void ask(struct measure *measure, const struct question *question)
{
	struct answer answer = {.sent_us = clock_boot_us(), .outcome = OUTCOME_REFUSED};

	answer.refusal = send_question(measure, question);
	if (answer.refusal != REFUSAL_NONE)
		watch_heard(measure->watch, question, &answer);
}

/* ---- time */

static void on_timer(uv_timer_t *timer)
{
	struct measure *measure = timer->data;
	uint64_t now_us = clock_boot_us();
	struct question question;

	if (watch_turn_due(measure->watch, now_us))
		turn_slot(measure, now_us);
	while (watch_next(measure->watch, now_us, &question))
		ask(measure, &question);
	hand_over(measure);
	tell_turn(measure);
	set_timer(measure);
}

static void set_timer(struct measure *measure)
{
	uint64_t due_us = watch_due(measure->watch), now_us = clock_boot_us();
	uint64_t wait_us = due_us > now_us ? due_us - now_us : 0;

	uv_update_time(measure->timer.loop);
	uv_timer_start(&measure->timer, on_timer, (wait_us + US_PER_MS - 1) / US_PER_MS, 0);
}

/* ---- life */

static int make_watch(struct measure *measure, const struct measure_settings *settings)
{
	struct wan_reading reading;
	struct watch_settings watch = {
		.wan = settings->name,
		.boot = settings->boot,
		.slot_ms = settings->slot_ms,
		.round_ms = settings->round_ms,
		.near_us = settings->near_us,
		.now_us = clock_boot_us(),
		.reading = &reading,
	};

	wan_refresh(measure->wan);
	wan_read(measure->wan, &reading);
	return watch_new(&watch, &measure->watch);
}

static void free_measure(struct measure *measure)
{
	watch_free(measure->watch);
	wan_free(measure->wan);
	free(measure->slot);
	free(measure);
}

int measure_new(const struct measure_settings *settings, const struct measure_events *events,
	struct measure **ret_measure, struct err *err)
{
	struct measure *measure = calloc(1, sizeof(*measure));
	struct wan_reading reading;
	int status = -ENOMEM;

	if (!measure)
		return err_errno(err, status, "WAN %s", settings->name);
	measure->events = *events;
	measure->probers = settings->probers;
	measure->stamp = *settings->stamp;
	measure->state_folder = settings->state_folder;
	memcpy(measure->secret.key, settings->stamp->key, sizeof(measure->secret.key));
	measure->secret.identifier = settings->stamp->identifier;
	strcpy(measure->name, settings->name);
	measure->slot = calloc(1, sizeof(*measure->slot));
	if (!measure->slot)
		goto free_measure;
	status = wan_new(settings->netlink, settings->interface, settings->targets, &measure->wan);
	if (status < 0)
		goto free_measure;
	status = make_watch(measure, settings);
	if (status < 0)
		goto free_measure;
	look_again(measure, &reading);
	wan_watch(measure->wan, on_wan_changed, measure);
	uv_timer_init(settings->loop, &measure->timer);
	measure->timer.data = measure;
	set_timer(measure);
	*ret_measure = measure;
	return 0;
free_measure:
	free_measure(measure);
	return err_errno(err, status, "WAN %s", settings->name);
}

void measure_stop(struct measure *measure)
{
	struct wan_reading reading;

	if (measure->stopped)
		return;
	measure->stopped = true;
	uv_timer_stop(&measure->timer);
	wan_refresh(measure->wan);
	wan_read(measure->wan, &reading);
	watch_stop(measure->watch, clock_boot_us(), &reading);
	hand_over(measure);
}

static void on_closed(uv_handle_t *handle)
{
	free_measure(handle->data);
}

void measure_close(struct measure *measure)
{
	if (!measure)
		return;
	measure->stopped = true;
	while (measure->asked) {
		probers_forget(measure->probers, measure->asked);
		forget_asked(measure->asked);
	}
	uv_close((uv_handle_t *)&measure->timer, on_closed);
}

const char *measure_name(const struct measure *measure)
{
	return measure->name;
}

struct wan *measure_wan(const struct measure *measure)
{
	return measure->wan;
}
