/* SPDX-License-Identifier: Apache-2.0 */
/*
 * STATE/alerts.json: the alarms, what each channel has said of them, and the habits. Replaced as a
 * whole, so that after any end of the process nobody is told twice of what was said before.
 */
#ifndef PANTAU_ALERT_ALARM_FILE_H
#define PANTAU_ALERT_ALARM_FILE_H

#include "collector/alert/alarm.h"
#include "collector/alert/habit.h"

#define ALARM_FILE "alerts.json"
#define ALARM_FILE_VERSION 1
#define ALARM_FILE_BYTES_MAX (64 * 1024 * 1024) /* all of the country in one alarm: 15 MB */
#define ALARM_LINK_MAX (1 << 22) /* the desk has a seat for each number up to the highest */
#define ALARM_FILE_UNIT 1000.0 /* habits are written in thousandths */

int alarm_file_write(
	const char *state, struct alarm_desk *desk, const struct habits *habits, struct err *err);
/* Into an empty desk. No file: nothing. -EBADMSG with words: it is damaged, and was set aside as
 * alerts.json.damaged; what could be read of it is there. */
int alarm_file_read(
	const char *state, struct alarm_desk *desk, struct habits *habits, struct err *err);

#endif
