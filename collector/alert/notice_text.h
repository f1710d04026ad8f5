/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a notice for people. */
#ifndef PANTAU_ALERT_NOTICE_TEXT_H
#define PANTAU_ALERT_NOTICE_TEXT_H

#include "collector/alert/notice.h"

/* Fills subject and text; the counts stand in the notice. 0 or a negative errno. */
int notice_text(const struct alarm *alarm, const struct atlas *atlas,
	const struct notice_style *style, struct notice *notice);

#endif
