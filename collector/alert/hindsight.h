/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a silence was, once late records tell: routers keep what they measured while they could not
 * send. Looked up in the books for alarms that are closed, ever more rarely, for a day.
 */
#ifndef PANTAU_ALERT_HINDSIGHT_H
#define PANTAU_ALERT_HINDSIGHT_H

#include "collector/alert/alarm.h"
#include "collector/store/sla.h"

/* Of a silence of more links a sample is read: a link takes about 1 ms, and meanwhile no alarm is
 * looked for. A province is read whole. */
#define HINDSIGHT_LINKS_MAX 2000

/* What its silent members turn out to have been, as the rows count it. 0 or a negative errno with
 * words. */
int hindsight_read(const struct sla_source *source, const struct alarm *alarm, int64_t now_s,
	struct alarm_hindsight *ret_hindsight, struct err *err);

#endif
