/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/rules.h"

#include <errno.h>
#include <stdio.h>

#define HOUR_S 3600
#define MINUTE_S 60
#define WIB_HOURS 7 /* east of UTC; the others follow */

/* Not for the configuration: what they must be follows from how links are measured. */
#define CROWD_S 60 /* many at once need no second look, and a minute more of it */
#define CROWD_SILENT_S 300 /* a dip of the mains restarts a whole kecamatan: 4 minutes of silence */
#define FLAP_FALLS 4
#define FLAP_S 3600
#define FLAP_CALM_S 1800
#define EDIT_S 60 /* an edit a minute is as much as anybody reads */

static int read_quiet(const char *text, struct alarm_rules *rules, struct err *err)
{
	unsigned from_h, from_m, to_h, to_m;
	char end;

	if (!*text)
		return 0;
	if (sscanf(text, "%2u:%2u-%2u:%2u%c", &from_h, &from_m, &to_h, &to_m, &end) != 4 ||
		from_h > 23 || to_h > 23 || from_m > 59 || to_m > 59)
		return err_set(err, -EINVAL,
			"[alert] quiet = %s: must be two times of the day, such as 22:00-06:00",
			text);
	rules->quiet_from_s = from_h * HOUR_S + from_m * MINUTE_S;
	rules->quiet_to_s = to_h * HOUR_S + to_m * MINUTE_S;
	return 0;
}

int rules_read(const struct settings *settings, struct alarm_rules *ret_rules, struct err *err)
{
	struct alarm_rules rules = {
		.down_s = settings->alert_down_s,
		.silent_s = settings->alert_silent_s,
		.crowd_s = CROWD_S,
		.crowd_silent_s = CROWD_SILENT_S,
		.calm_s = settings->alert_calm_s,
		.flap_falls = FLAP_FALLS,
		.flap_s = FLAP_S,
		.flap_calm_s = FLAP_CALM_S,
		.edit_s = EDIT_S,
		.escalate_s = settings->alert_escalate_s,
		.offset_s = (settings->alert_zone + WIB_HOURS) * HOUR_S,
		.quiet_links = (uint32_t)settings->alert_quiet_links,
	};
	int r = read_quiet(settings->alert_quiet, &rules, err);

	if (r == 0)
		*ret_rules = rules;
	return r;
}
