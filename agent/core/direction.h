/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way test packets were lost, from the numbers that both ends give: the sender numbers what
 * it sends, the reflector what it answers. Between two answers
 *
 *   sent            = this question's number - the last answered question's
 *   reached it      = this answer's number - the last answer's
 *   lost on the way out  = sent - reached,   on the way back = reached - 1
 *
 * so a packet's fate is told with the next answer, whenever that comes. What lies before the
 * first answer, or before a reflector began to count anew, is never told. Pure.
 */
#ifndef PANTAU_AGENT_CORE_DIRECTION_H
#define PANTAU_AGENT_CORE_DIRECTION_H

#include <stdbool.h>

#include "proto/model.h"

struct direction { /* of one sender and one reflector; zeroed to begin with */
	bool heard; /* of the reflector, at least once */
	uint32_t question, answer; /* numbers of the last answer */
	uint32_t told; /* questions since then of which a forged answer told */
};

/* A sound answer, in whatever order: adds to *counts the fates that it settles. */
void direction_answered(
	struct direction *direction, uint32_t question, uint32_t answer, struct stamp *counts);
/* A question is over to which came forged answers alone: adds it and them. */
void direction_forged(struct direction *direction, uint32_t forged, struct stamp *counts);

#endif
