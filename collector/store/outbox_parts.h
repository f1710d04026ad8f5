/* SPDX-License-Identifier: Apache-2.0 */
/* The payloads of the outbox that have a shape of their own; outbox.c draws them all. */
#ifndef PANTAU_STORE_OUTBOX_PARTS_H
#define PANTAU_STORE_OUTBOX_PARTS_H

#include "collector/store/ledger_db.h"
#include "common/pack.h"

/* What a point says of a slot. */
struct outbox_slot outbox_figures(const struct slot *slot);
struct outbox_wan outbox_wan_of(const struct slot *slot);
/* Fills in time and figures. False: it is no test that was done. */
struct ledger_sample;
bool outbox_speed_of(const struct ledger_sample *sample, struct outbox_event *event);
/* A slot that begins so many seconds after the row's first, with its WAN. */
void pack_slot(struct pack *pack, int64_t after_s, const struct slot *slot);
/* The rest of it, after the seconds. */
void unpack_slot(struct unpack *unpack, struct outbox_slot *ret_slot, struct outbox_wan *ret_wan);
void pack_live(struct pack *pack, const struct ledger_live *live);
void unpack_live(struct unpack *unpack, struct ledger_live *ret_live);
void pack_speed(struct pack *pack, const struct outbox_speed *speed);
void unpack_speed(struct unpack *unpack, struct outbox_speed *ret_speed);
void pack_day(struct pack *pack, const struct outbox_day *day);
void unpack_day(struct unpack *unpack, struct outbox_day *ret_day);

#endif
