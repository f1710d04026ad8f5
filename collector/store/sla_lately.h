/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How good a link is now, beside whether it is up: what the wall compares with the contract's
 * limits. Private to collector/store.
 */
#ifndef PANTAU_STORE_SLA_LATELY_H
#define PANTAU_STORE_SLA_LATELY_H

#include "collector/store/sla_day.h"
#include "collector/store/sla_speed.h"

struct figures;
struct tally;

/* Room that is used for one link after the other; not for two at once. */
struct lately {
	struct tally *tally;
	struct figures *figures;
	struct sla_speed speed;
};

int lately_init(struct lately *ret_lately); /* 0 or -ENOMEM */
void lately_done(struct lately *lately);

/* Of a link up to the end of the stretch; its speed tests of all of it. The period of the case is
 * set anew. */
int lately_read(struct lately *lately, struct sla_case *sla_case, const struct span *stretch,
	struct sla_lately *ret, struct err *err);

#endif
