/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a notice for people. */
#ifndef PANTAU_ALERT_NOTICE_TEXT_H
#define PANTAU_ALERT_NOTICE_TEXT_H

#include "collector/alert/notice.h"

/* Fills subject and text; the counts stand in the notice. 0 or a negative errno. */
int notice_text(const struct alarm *alarm, const struct atlas *atlas,
	const struct notice_style *style, struct notice *notice);

/* Of an alarm about certificates, which has no links: its subject, and what follows the time. */
void renewals_subject(const struct alarm *alarm, const struct words *words, struct notice *notice);
void renewals_say(const struct alarm *alarm, struct words *words);

#endif
