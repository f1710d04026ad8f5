/* SPDX-License-Identifier: Apache-2.0 */
/* The one alarm about agents' certificates: however many there are, and until there are none. */
#include <errno.h>

#include "collector/alert/alarm_private.h"

static bool is_none(const struct alarm_renewals *found)
{
	return !found->waiting && !found->late && !found->expired;
}

static struct alarm *find_open(struct alarm_desk *desk)
{
	for (size_t i = 0; i < desk->count; i++)
		if (desk->alarms[i]->renewals.is && desk->alarms[i]->phase != ALARM_CLOSED)
			return desk->alarms[i];
	return NULL;
}

static int begin(struct alarm_desk *desk, const struct alarm_renewals *found, int64_t now_s)
{
	struct alarm *alarm;

	/* none of it hurts before the morning */
	if (desk_is_quiet(desk, now_s))
		return 0;
	alarm = desk_add(desk);
	if (!alarm)
		return -ENOMEM;
	alarm->renewals = *found;
	alarm->renewals.is = true;
	alarm->phase = ALARM_TOLD;
	alarm->from_s = alarm->told_s = now_s;
	desk_write_version(desk, alarm, now_s);
	return 0;
}

int alarm_desk_renewals(struct alarm_desk *desk, const struct alarm_renewals *found, int64_t now_s)
{
	struct alarm *alarm = find_open(desk);

	if (!alarm)
		return is_none(found) ? 0 : begin(desk, found, now_s);
	if (is_none(found)) {
		/* the last figures stay until it is sure */
		if (!alarm->renewals.clear_s)
			alarm->renewals.clear_s = now_s;
		if (now_s - alarm->renewals.clear_s >= desk->rules.calm_s) {
			alarm->phase = ALARM_CLOSED;
			alarm->closed_s = now_s;
		}
	} else {
		alarm->renewals = *found;
		alarm->renewals.is = true;
	}
	desk_write_version(desk, alarm, now_s);
	return 0;
}
