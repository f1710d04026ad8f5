/* SPDX-License-Identifier: Apache-2.0 */
/* The [alert] section as rules of the desk. */
#ifndef PANTAU_ALERT_RULES_H
#define PANTAU_ALERT_RULES_H

#include "collector/alert/alarm.h"
#include "collector/settings.h"

/* -EINVAL with words for quiet hours that are none. */
int rules_read(const struct settings *settings, struct alarm_rules *ret_rules, struct err *err);

#endif
