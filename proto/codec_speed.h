/* SPDX-License-Identifier: Apache-2.0 */
/* A speed test's record, between its two shapes. Of the codec's own files only. */
#ifndef PANTAU_PROTO_CODEC_SPEED_H
#define PANTAU_PROTO_CODEC_SPEED_H

#include "common/err.h"
#include "proto/model.h"
#include "proto/pantau.pb-c.h"

/* 0, or a positive enum reject_code with words. */
int codec_speed_check(const Pantau__V1__Speed *speed, struct err *err);
/* Of a checked record; cannot fail. `ret_speed` is zeroed by the caller. */
void codec_speed_read(const Pantau__V1__Speed *speed, struct speed *ret_speed);

struct codec_speed { /* the message and what it points at */
	Pantau__V1__Speed body;
	Pantau__V1__SpeedRun down, up;
};
/* Lays it out for packing; borrows from `speed`. */
void codec_speed_lay_out(const struct speed *speed, struct codec_speed *ret_wire);

#endif
