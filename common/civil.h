/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Civil time without tzdata: Indonesia's three zones have fixed offsets and no daylight saving.
 * Seconds are UTC since 1970; offsets are seconds east of UTC. Proleptic Gregorian calendar.
 */
#ifndef PANTAU_COMMON_CIVIL_H
#define PANTAU_COMMON_CIVIL_H

#include <stdint.h>

#include "common/err.h"

#define CIVIL_TIME_BYTES 32 /* "2026-01-31T16:00:00.000Z" and room to spare */

/* "2026-01-31T16:00:00Z" */
void civil_format(int64_t utc_s, char ret_text[CIVIL_TIME_BYTES]);
/* "2026-01-31T16:00:00.250Z" */
void civil_format_ms(int64_t utc_ms, char ret_text[CIVIL_TIME_BYTES]);
/* "2026-02-01 00:00:00" in the zone */
void civil_format_local(int64_t utc_s, int32_t offset_s, char ret_text[CIVIL_TIME_BYTES]);

/* "2026-02-01 00:00:00 WITA"; as civil_format() where the offset is of no zone that has a name */
void civil_format_zone(int64_t utc_s, int32_t offset_s, char ret_text[CIVIL_TIME_BYTES]);

/*
 * Reads "2026-02-01" (00:00 in the zone), "2026-02-01T00:00[:00]" (in the zone), the same with
 * "Z" or "+08:00", or "@SECONDS". -EINVAL with words.
 */
int civil_parse(const char *text, int32_t offset_s, int64_t *ret_utc_s, struct err *err);

/* The half-open UTC interval of the local month "2026-02". -EINVAL with words. */
int civil_month(const char *text, int32_t offset_s, int64_t *ret_from_s, int64_t *ret_to_s,
	struct err *err);

/* The name, "2026-02", of the local month that contains the second. */
void civil_month_name(int64_t utc_s, int32_t offset_s, char ret_text[8]);

/* WIB +7 h, WITA +8 h, WIT +9 h. -EINVAL for another name. */
int civil_zone(const char *name, int32_t *ret_offset_s);

#endif
