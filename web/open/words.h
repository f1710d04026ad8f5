/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages for citizens say, in Bahasa Indonesia and in English; numbers and times too. */
#ifndef PANTAU_WEB_OPEN_WORDS_H
#define PANTAU_WEB_OPEN_WORDS_H

#include "collector/ledger/month.h"
#include "collector/report/monthly/say.h"
#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"
#include "web/open/tables.h"

struct open_words { /* each %s is a text */
	const char *other, *other_code; /* the other language, for the switch */
	const char *tagline, *skip, *data, *log_in, *faulty, *intro;
	const char *search_label, *search, *found_none, *found_many;
	const char *now, *counts[LIVE_COUNT], *choose_kabupaten, *no_data;
	const char *desa_in, *kecamatan_in;
	const char *state[LIVE_COUNT], *state_means[LIVE_COUNT], *no_link, *no_link_means;
	const char *since, *cause, *last_report, *names_fail, *seen_at;
	const char *link_heading, *several_links;
	const char *promise, *promise_heading, *no_promise;
	const char *month_heading, *closed_heading, *no_month, *no_closed;
	const char *unclosed_heading, *unclosed_means, *no_unclosed, *not_in_closed;
	const char *provisional, *not_closed, *unreadable, *counted, *excluded, *all_excluded,
		*nothing_known;
	const char *so_far[2]; /* of a month that may still change: kept, not kept */
	const char *verdict[4], *outages, *no_outage, *speed, *speed_down, *speed_up, *no_speed;
	const char *closed, *check;
	const char *all_data, *not_found, *not_found_means;
	/* /publik/data */
	const char *data_title, *data_intro, *catalogue, *places, *months, *month, *status,
		*open_month;
	const char *files, *metadata, *dictionary, *dictionary_intro, *column, *unit, *meaning;
	const char *licence, *publisher, *contact, *api;
	const char *odbl;
};
extern const struct open_words open_words[OPEN_LANGUAGES];

/* Of a cause as the ledger names it; NULL: nothing is known of it. */
const char *open_cause(enum open_language language, const char *cause);

/* The sentence for what was measured: of both speeds, of one, of none. */
const char *open_speed_words(const struct open_words *words, bool down, bool up);

/* "3 hari 4 jam", "5 menit", "12 detik". */
const char *open_duration(enum open_language language, int64_t seconds, char ret_text[SAY_BYTES]);
/* "99,49": part / whole in percent, truncated. */
const char *open_percent(
	const struct say *say, int64_t part, int64_t whole, char ret_text[SAY_BYTES]);
/* "20", "2,5": of Mbps. */
const char *open_mbps(const struct say *say, int64_t kbps, char ret_text[SAY_BYTES]);
/* "99,5": as many digits as it has. */
const char *open_target(const struct say *say, uint32_t ppm, char ret_text[SAY_BYTES]);
/* "Kutai Timur", of "KUTAI TIMUR": what is written in capitals alone. */
const char *open_name(const char *name, char ret_text[REGISTRY_NAME_BYTES]);

#endif
