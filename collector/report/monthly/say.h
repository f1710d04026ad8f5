/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers, times and amounts as people write them: "1.234,56", "31 Oktober 2026 pukul 14.05 WITA",
 * "seribu dua ratus rupiah". Pure; English by a switch.
 */
#ifndef PANTAU_REPORT_MONTHLY_SAY_H
#define PANTAU_REPORT_MONTHLY_SAY_H

#include <stdint.h>

enum report_language {
	REPORT_ID,
	REPORT_EN,
	REPORT_KEYS, /* of cells alone: the words that the API has, for programs */
};
extern const char *const report_languages[]; /* "id", "en", NULL */

struct say { /* in what language and zone */
	enum report_language language;
	int32_t offset_s; /* of the zone, east of UTC */
};

#define SAY_BYTES 64

/* "1.234.567" */
const char *say_count(const struct say *say, int64_t number, char ret_text[SAY_BYTES]);
/* A number scaled by 10^decimals (at most 6): 99499961 with 6 is "99,499961". */
const char *say_decimal(
	const struct say *say, int64_t scaled, unsigned decimals, char ret_text[SAY_BYTES]);
/* "Rp 1.234.567" */
const char *say_rupiah(const struct say *say, int64_t rupiah, char ret_text[SAY_BYTES]);
/* "120:05:09" */
const char *say_duration(int64_t seconds, char ret_text[SAY_BYTES]);

/* "Oktober 2026", of "2026-10". */
const char *say_month(const struct say *say, const char *month, char ret_text[SAY_BYTES]);
/* "X", of "2026-10". */
const char *say_roman_month(const char *month);
/* "31 Oktober 2026" */
const char *say_date(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES]);
/* "31 Oktober 2026 pukul 14.05 WITA" */
const char *say_moment(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES]);
/* "31/10/2026 14.05.09": for tables, whose zone is told elsewhere. */
const char *say_stamp(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES]);
/* "WITA"; "UTC+7.5" for an offset that has no name. Of an offset. */
const char *say_zone(int32_t offset_s, char ret_text[SAY_BYTES]);

/* The longest number of 64 bits takes 240 bytes. */
#define TERBILANG_BYTES 320
/* "dua belas juta seribu seratus satu"; "nol"; "minus satu". In Bahasa Indonesia alone: so an
 * amount is written out in a document that people sign. */
const char *say_terbilang(int64_t number, char ret_text[TERBILANG_BYTES]);

#endif
