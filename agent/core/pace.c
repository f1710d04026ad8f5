/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/core/pace.h"

#include "agent/core/view.h"

#define WAITING_MAX 64 /* records: a report of 32 KiB */

void pace_init(struct pace *pace, uint64_t report_ms, uint64_t slot_ms, uint64_t now_ms)
{
	/* Half a slot early is nearer to the time than a slot late. */
	*pace = (struct pace){
		.every_ms = report_ms <= slot_ms ? 0 : report_ms - slot_ms / 2,
		.reported_ms = now_ms,
	};
}

bool pace_due(struct pace *pace, uint64_t now_ms, bool urgent)
{
	pace->waiting++;
	if (!urgent && now_ms - pace->reported_ms < pace->every_ms && pace->waiting < WAITING_MAX)
		return false;
	pace->reported_ms = now_ms;
	pace->waiting = 0;
	return true;
}

bool pace_is_urgent(const struct slot *slot)
{
	unsigned made, answered;

	view_count_rounds(slot, &made, &answered);
	return answered < made || slot->event_count || slot->facts.carrier == CARRIER_DOWN;
}
