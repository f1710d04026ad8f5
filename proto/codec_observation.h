/* SPDX-License-Identifier: Apache-2.0 */
/* What a source beside the probes said, between its two shapes. Of the codec's own files only. */
#ifndef PANTAU_PROTO_CODEC_OBSERVATION_H
#define PANTAU_PROTO_CODEC_OBSERVATION_H

#include "common/err.h"
#include "proto/model.h"
#include "proto/pantau.pb-c.h"

/* 0, or a positive enum reject_code with words. */
int codec_observation_check(const Pantau__V1__Observation *observation, struct err *err);
/* Of a checked record; cannot fail. `ret_observation` is zeroed by the caller. */
void codec_observation_read(
	const Pantau__V1__Observation *observation, struct observation *ret_observation);

struct codec_observation { /* the message and what it points at */
	Pantau__V1__Observation body;
	Pantau__V1__ObservationItem items[OBSERVATION_ITEMS_MAX];
	Pantau__V1__ObservationItem *list[OBSERVATION_ITEMS_MAX];
};
/* Lays it out for packing; borrows from `observation`, whose count must fit. */
void codec_observation_lay_out(
	const struct observation *observation, struct codec_observation *ret_wire);

#endif
