/* SPDX-License-Identifier: Apache-2.0 */
/* The payloads of the outbox that have a shape of their own; outbox.c draws them all. */
#ifndef PANTAU_STORE_OUTBOX_PARTS_H
#define PANTAU_STORE_OUTBOX_PARTS_H

#include "collector/store/ledger_db.h"
#include "common/pack.h"

void pack_live(struct pack *pack, const struct ledger_live *live);
void unpack_live(struct unpack *unpack, struct ledger_live *ret_live);
void pack_speed(struct pack *pack, const struct outbox_speed *speed);
void unpack_speed(struct unpack *unpack, struct outbox_speed *ret_speed);

#endif
