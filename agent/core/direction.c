/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/direction.h"

static uint32_t take(uint32_t *from, uint32_t most)
{
	uint32_t taken = *from < most ? *from : most;

	*from -= taken;
	return taken;
}

/* What was told already, as forged, is not told again. */
static void settle(
	struct direction *direction, uint32_t sent, uint32_t reached, struct stamp *counts)
{
	uint32_t lost_out = sent - reached, lost_back = reached - 1, told = direction->told;

	told -= take(&lost_out, told);
	take(&lost_back, told);
	counts->sent += lost_out + lost_back + 1;
	counts->lost_out += lost_out;
	counts->lost_back += lost_back;
}

void direction_answered(
	struct direction *direction, uint32_t question, uint32_t answer, struct stamp *counts)
{
	uint32_t sent = question - direction->question, reached = answer - direction->answer;
	bool known = direction->heard;

	if (known && (int32_t)sent <= 0)
		return; /* overtaken by a later one, which told of it as lost on its way back */
	if (known && sent <= SLOT_STAMP_MAX && reached >= 1 && reached <= sent)
		settle(direction, sent, reached, counts);
	else
		counts->sent++; /* the reflector began anew, or it is too long ago to tell */
	*direction = (struct direction){.heard = true, .question = question, .answer = answer};
}

void direction_forged(struct direction *direction, uint32_t forged, struct stamp *counts)
{
	direction->told++;
	counts->sent++;
	counts->forged += forged;
}
