/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_observation.h"

#include <stdio.h>
#include <string.h>

#include "proto/codec_check.h"

static int check_item(const Pantau__V1__ObservationItem *item, struct err *err)
{
	int code = check_label("key", item->key, OBSERVATION_KEY_MAX, err);

	return code ? code : check_text("value", item->value, OBSERVATION_VALUE_MAX, err);
}

int codec_observation_check(const Pantau__V1__Observation *observation, struct err *err)
{
	int code;

	if ((code = check_boot("observation.boot", observation->boot.len, err)))
		return code;
	if ((code = check_range("observation.mono_us", observation->mono_us, 0, MONO_MAX_US, err)))
		return code;
	if ((code = check_label(
		     "observation.source", observation->source, OBSERVATION_SOURCE_MAX, err)))
		return code;
	if ((code = check_range("observation.items' number", observation->n_items, 0,
		     OBSERVATION_ITEMS_MAX, err)))
		return code;
	for (size_t i = 0; i < observation->n_items; i++)
		if ((code = check_item(observation->items[i], err))) {
			err_prefix(err, "observation.items[%zu]", i);
			return code;
		}
	return 0;
}

void codec_observation_read(
	const Pantau__V1__Observation *observation, struct observation *ret_observation)
{
	memcpy(ret_observation->boot, observation->boot.data, BOOT_BYTES);
	ret_observation->mono_us = observation->mono_us;
	snprintf(ret_observation->source, sizeof(ret_observation->source), "%s",
		observation->source);
	ret_observation->item_count = (uint16_t)observation->n_items;
	for (size_t i = 0; i < observation->n_items; i++) {
		struct observation_item *item = &ret_observation->items[i];

		snprintf(item->key, sizeof(item->key), "%s", observation->items[i]->key);
		snprintf(item->value, sizeof(item->value), "%s", observation->items[i]->value);
	}
}

void codec_observation_lay_out(
	const struct observation *observation, struct codec_observation *ret_wire)
{
	Pantau__V1__Observation *body = &ret_wire->body;

	pantau__v1__observation__init(body);
	body->boot = (ProtobufCBinaryData){BOOT_BYTES, (uint8_t *)observation->boot};
	body->mono_us = observation->mono_us;
	body->source = (char *)observation->source;
	body->n_items = observation->item_count;
	body->items = ret_wire->list;
	for (size_t i = 0; i < observation->item_count; i++) {
		pantau__v1__observation_item__init(&ret_wire->items[i]);
		ret_wire->items[i].key = (char *)observation->items[i].key;
		ret_wire->items[i].value = (char *)observation->items[i].value;
		ret_wire->list[i] = &ret_wire->items[i];
	}
}
