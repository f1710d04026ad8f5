/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/witness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/net/address.h"

#define MS_PER_S 1000

struct witness {
	struct witness_settings settings;
	struct witness_events events;
	size_t count;
	struct measure *measures[SETTINGS_WANS];
	struct settings_target targets[SETTINGS_WANS];
	struct errand_context context;
	struct errands *errands;
};

/* ---- what the measures say */

static void on_slot(void *arg, struct slot *slot, const char *interface)
{
	struct witness *witness = arg;

	errands_annotate(witness->errands, slot->wan, slot);
	witness->events.slot(witness->events.arg, slot, interface);
}

static void on_sketch(void *arg, const struct slot *slot)
{
	struct witness *witness = arg;

	witness->events.sketch(witness->events.arg, slot);
}

static void on_turn(void *arg, uint64_t now_us)
{
	struct witness *witness = arg;

	witness->events.turn(witness->events.arg, now_us);
}

/* ---- opening */

static int add_measure(struct witness *witness, size_t index, struct err *err)
{
	const struct measure_events events = {
		.arg = witness, .slot = on_slot, .sketch = on_sketch, .turn = on_turn};
	const struct settings *settings = witness->settings.settings;
	struct settings_target *targets = &witness->targets[witness->count];
	struct settings_stamp stamp;
	const struct measure_settings measure = {
		.loop = witness->settings.loop,
		.probers = witness->settings.probers,
		.netlink = witness->settings.netlink,
		.state_folder = settings->state_folder,
		.name = settings->wans[index].name,
		.interface = settings->wans[index].interface,
		.targets = targets,
		.boot = witness->settings.boot,
		.slot_ms = (uint32_t)settings->slot_s * MS_PER_S,
		.round_ms = (uint32_t)settings->round_s * MS_PER_S,
		.stamp = &stamp,
		.near_us = (uint64_t)settings->near_s * MS_PER_S * 1000,
	};
	int status = settings_wan_targets(settings, index, targets, err);

	if (status == 0)
		status = settings_stamp(settings, &stamp, err);
	if (status == 0)
		status = measure_new(&measure, &events, &witness->measures[witness->count], err);
	if (status == 0)
		witness->count++;
	return status;
}

static int open_errands(struct witness *witness, struct err *err)
{
	const struct witness_settings *settings = &witness->settings;
	struct errand_context *context = &witness->context;

	*context = (struct errand_context){
		.loop = settings->loop,
		.settings = settings->settings,
		.probers = settings->probers,
		.boot = settings->boot,
		.netlink = settings->netlink,
		.wan_count = witness->count,
		.arg = witness->events.arg,
		.record = witness->events.record,
		.lease_ask = witness->events.lease_ask,
		.lease_return = witness->events.lease_return,
	};
	for (size_t i = 0; i < witness->count; i++)
		context->wans[i] = (struct errand_wan){
			.name = measure_name(witness->measures[i]),
			.wan = measure_wan(witness->measures[i]),
			.targets = &witness->targets[i],
		};
	return errands_open(context, &witness->errands, err);
}

int witness_open(const struct witness_settings *settings, const struct witness_events *events,
	struct witness **ret_witness, struct err *err)
{
	struct witness *witness = calloc(1, sizeof(*witness));
	int status = 0;

	if (!witness)
		return err_errno(err, -ENOMEM, "measuring");
	witness->settings = *settings;
	witness->events = *events;
	for (size_t i = 0; i < SETTINGS_WANS && status == 0; i++)
		if (*settings->settings->wans[i].name)
			status = add_measure(witness, i, err);
	if (status == 0)
		status = open_errands(witness, err);
	if (status < 0) {
		witness_close(witness);
		return status;
	}
	*ret_witness = witness;
	return 0;
}

/* ---- facts on their way to the measures */

void witness_take_link(struct witness *witness, const struct link *link)
{
	for (size_t i = 0; witness && i < witness->count; i++)
		measure_take_link(witness->measures[i], link);
}

void witness_take_change(struct witness *witness)
{
	for (size_t i = 0; witness && i < witness->count; i++)
		measure_take_change(witness->measures[i]);
}

void witness_take_step(struct witness *witness, int64_t step_us)
{
	for (size_t i = 0; witness && i < witness->count; i++)
		measure_take_step(witness->measures[i], step_us);
}

const char *witness_wan_of(const struct witness *witness, const struct sockaddr *own)
{
	union socket_address socket = {.any = *own};

	memcpy(&socket, own, own->sa_family == AF_INET ? sizeof(socket.v4) : sizeof(socket.v6));
	for (size_t i = 0; witness && i < witness->count; i++)
		if (wan_has_address(measure_wan(witness->measures[i]), &socket))
			return measure_name(witness->measures[i]);
	return "";
}

/* ---- ending */

void witness_stop(struct witness *witness)
{
	if (!witness)
		return;
	errands_stop(witness->errands);
	for (size_t i = 0; i < witness->count; i++)
		measure_stop(witness->measures[i]);
}

void witness_close(struct witness *witness)
{
	if (!witness)
		return;
	errands_close(witness->errands);
	for (size_t i = witness->count; i-- > 0;)
		measure_close(witness->measures[i]);
	free(witness);
}
