/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an alarm says, in words: a subject, a few lines, and the facts for machines. Silence is "no
 * news" and never "down".
 */
#ifndef PANTAU_ALERT_NOTICE_H
#define PANTAU_ALERT_NOTICE_H

#include "collector/alert/alarm.h"
#include "collector/incident/atlas.h"
#include "collector/explain/words.h"

#define NOTICE_SUBJECT_BYTES 256
#define NOTICE_CERTIFICATES "certificates" /* the scope of what is of no link */
#define NOTICE_TEXT_MAX 3500 /* bytes; Telegram takes 4096 characters */

struct notice_style {
	enum language language;
	const char *url; /* of the page, without a slash at its end; "": no link */
};

struct notice {
	uint64_t id; /* the alarm's */
	uint32_t version;
	enum alarm_phase phase;
	bool escalated, acknowledged, silent_only;
	bool explained; /* late records told what a silence was */
	int64_t from_s, to_s; /* to_s SPAN_FOREVER while any lasts */
	size_t links, lasting, silent;
	char scope[16], place[ALARM_PLACE_BYTES];
	char subject[NOTICE_SUBJECT_BYTES];
	struct buf text; /* whole lines, UTF-8, and a 0 */
	struct buf members; /* JSON and a 0: an array of {"link", "desa", "kabupaten", "provider",
			     * "from", "to", "silent", "cause"} */
};

/* The text with a 0 behind it. */
const char *notice_lines(const struct notice *notice);

/* 0 or a negative errno. notice_done() frees; also after a failure. */
int notice_write(const struct alarm *alarm, const struct atlas *atlas,
	const struct notice_style *style, struct notice *ret_notice);
void notice_done(struct notice *notice);

#endif
