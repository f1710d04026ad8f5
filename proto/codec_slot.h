/* SPDX-License-Identifier: Apache-2.0 */
/* The largest record, between its two shapes. Of the codec's own files only. */
#ifndef PANTAU_PROTO_CODEC_SLOT_H
#define PANTAU_PROTO_CODEC_SLOT_H

#include "common/err.h"
#include "proto/codec_arena.h"
#include "proto/model.h"
#include "proto/pantau.pb-c.h"

/* 0, or a positive enum reject_code with words. */
int codec_slot_check(const Pantau__V1__Slot *slot, struct err *err);
/* Of a checked slot; cannot fail. `ret_slot` is zeroed by the caller. */
void codec_slot_read(const Pantau__V1__Slot *slot, struct slot *ret_slot);
/* Lays the slot out for packing, in the arena; borrows from `slot`. NULL: no memory. */
Pantau__V1__Slot *codec_slot_lay_out(const struct slot *slot, struct arena *arena);

#endif
