/* SPDX-License-Identifier: Apache-2.0 */
#include "common/civil.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/digits.h"

#define DAY_S 86400
#define ERA_DAYS 146097 /* 400 years: the calendar repeats */
#define EPOCH_DAYS 719468 /* from 0000-03-01 to 1970-01-01 */
#define YEAR_MAX 9999

struct civil {
	int64_t year;
	int month, day; /* from 1 */
	int hour, minute, second;
};

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Years are counted from March, so that the leap day is a year's last one. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t from_march = year - (month <= 2);
	int64_t era = floor_div(from_march, 400);
	int64_t year_of_era = from_march - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

static void date_from_days(int64_t days, struct civil *ret)
{
	int64_t shifted = days + EPOCH_DAYS;
	int64_t era = floor_div(shifted, ERA_DAYS);
	int64_t doe = shifted - era * ERA_DAYS; /* day of era */
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t march_month = (5 * doy + 2) / 153;

	ret->day = (int)(doy - (153 * march_month + 2) / 5 + 1);
	ret->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	ret->year = yoe + era * 400 + (ret->month <= 2);
}

static struct civil split(int64_t seconds)
{
	struct civil civil;
	int64_t days = floor_div(seconds, DAY_S);
	int rest = (int)(seconds - days * DAY_S);

	date_from_days(days, &civil);
	civil.hour = rest / 3600;
	civil.minute = rest / 60 % 60;
	civil.second = rest % 60;
	return civil;
}

static int64_t join(const struct civil *civil)
{
	return days_from_date(civil->year, civil->month, civil->day) * DAY_S + civil->hour * 3600 +
		civil->minute * 60 + civil->second;
}

static int month_days(int64_t year, int month)
{
	int64_t next_year = month == 12 ? year + 1 : year;
	int next_month = month == 12 ? 1 : month + 1;

	return (int)(days_from_date(next_year, next_month, 1) - days_from_date(year, month, 1));
}

/* A year of four digits; of years that have more, and of those before our era, as they come. */
static char *put_date(char *at, const struct civil *c)
{
	if (c->year >= 0 && c->year <= YEAR_MAX)
		at = digits_put_padded(at, (uint64_t)c->year, 4);
	else
		at = digits_put(at, c->year);
	*at++ = '-';
	at = digits_put_padded(at, (uint64_t)c->month, 2);
	*at++ = '-';
	return digits_put_padded(at, (uint64_t)c->day, 2);
}

static void put_time(char *at, char between, const struct civil *c, const char *end)
{
	*at++ = between;
	at = digits_put_padded(at, (uint64_t)c->hour, 2);
	*at++ = ':';
	at = digits_put_padded(at, (uint64_t)c->minute, 2);
	*at++ = ':';
	at = digits_put_padded(at, (uint64_t)c->second, 2);
	strcpy(at, end);
}

void civil_format(int64_t utc_s, char ret_text[CIVIL_TIME_BYTES])
{
	struct civil c = split(utc_s);

	put_time(put_date(ret_text, &c), 'T', &c, "Z");
}

void civil_format_ms(int64_t utc_ms, char ret_text[CIVIL_TIME_BYTES])
{
	int64_t seconds = floor_div(utc_ms, 1000);
	struct civil c = split(seconds);

	snprintf(ret_text, CIVIL_TIME_BYTES, "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ",
		(long long)c.year, c.month, c.day, c.hour, c.minute, c.second,
		(int)(utc_ms - seconds * 1000));
}

void civil_format_local(int64_t utc_s, int32_t offset_s, char ret_text[CIVIL_TIME_BYTES])
{
	struct civil c = split(utc_s + offset_s);

	put_time(put_date(ret_text, &c), ' ', &c, "");
}

/* Reads exactly `digits` digits. The cursor is set to NULL when they are not there. */
static int read_digits(const char **cursor, int digits)
{
	int value = 0;

	for (; *cursor && digits > 0; digits--) {
		if (**cursor < '0' || **cursor > '9') {
			*cursor = NULL;
			return 0;
		}
		value = value * 10 + (*(*cursor)++ - '0');
	}
	return value;
}

static void read_char(const char **cursor, char c)
{
	if (*cursor)
		*cursor = **cursor == c ? *cursor + 1 : NULL;
}

static bool next_is(const char *cursor, const char *set)
{
	return cursor && *cursor && strchr(set, *cursor);
}

/* "", "Z" or "+08:00"; sets *offset_s only when the text names one. */
static void read_zone(const char **cursor, int32_t *offset_s)
{
	int sign, hour, minute;

	if (next_is(*cursor, "Z")) {
		(*cursor)++;
		*offset_s = 0;
		return;
	}
	if (!next_is(*cursor, "+-"))
		return;
	sign = *(*cursor)++ == '-' ? -1 : 1;
	hour = read_digits(cursor, 2);
	read_char(cursor, ':');
	minute = read_digits(cursor, 2);
	if (hour > 14 || minute > 59)
		*cursor = NULL;
	*offset_s = sign * (hour * 3600 + minute * 60);
}

static void read_date(const char **cursor, struct civil *civil)
{
	civil->year = read_digits(cursor, 4);
	read_char(cursor, '-');
	civil->month = read_digits(cursor, 2);
	read_char(cursor, '-');
	civil->day = read_digits(cursor, 2);
}

static void read_time(const char **cursor, struct civil *civil)
{
	civil->hour = read_digits(cursor, 2);
	read_char(cursor, ':');
	civil->minute = read_digits(cursor, 2);
	if (!next_is(*cursor, ":"))
		return;
	(*cursor)++;
	civil->second = read_digits(cursor, 2);
}

static bool in_calendar(const struct civil *c)
{
	return c->year >= 1 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
		c->day <= month_days(c->year, c->month) && c->hour <= 23 && c->minute <= 59 &&
		c->second <= 59;
}

/* "@1767196800" */
static int parse_seconds(const char *text, int64_t *ret_utc_s)
{
	long long value;
	char *end;

	if ((*text < '0' || *text > '9') && *text != '-')
		return -EINVAL;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || end == text)
		return -EINVAL;
	*ret_utc_s = value;
	return 0;
}

static int parse_civil(const char *text, int32_t offset_s, int64_t *ret_utc_s)
{
	const char *cursor = text;
	struct civil civil = {0};

	read_date(&cursor, &civil);
	if (next_is(cursor, "T ")) {
		cursor++;
		read_time(&cursor, &civil);
		read_zone(&cursor, &offset_s);
	}
	if (!cursor || *cursor || !in_calendar(&civil))
		return -EINVAL;
	*ret_utc_s = join(&civil) - offset_s;
	return 0;
}

/* What is taken can be written in four digits of a year, and so be read again. */
static bool in_years(int64_t utc_s)
{
	return utc_s >= days_from_date(1, 1, 1) * DAY_S &&
		utc_s < days_from_date(YEAR_MAX + 1, 1, 1) * DAY_S;
}

int civil_parse(const char *text, int32_t offset_s, int64_t *ret_utc_s, struct err *err)
{
	int64_t utc_s;
	int r = text[0] == '@' ? parse_seconds(text + 1, &utc_s)
			       : parse_civil(text, offset_s, &utc_s);

	if (r == 0 && in_years(utc_s))
		*ret_utc_s = utc_s;
	else
		r = -EINVAL;
	if (r < 0)
		return err_set(err, r,
			"\"%.40s\" is not a time: write 2026-02-01, 2026-02-01T08:00, "
			"2026-02-01T00:00:00Z, 2026-02-01T08:00+08:00 or @SECONDS",
			text);
	return 0;
}

int civil_month(
	const char *text, int32_t offset_s, int64_t *ret_from_s, int64_t *ret_to_s, struct err *err)
{
	struct civil civil = {.day = 1};
	const char *cursor = text;

	civil.year = read_digits(&cursor, 4);
	read_char(&cursor, '-');
	civil.month = read_digits(&cursor, 2);
	if (!cursor || *cursor || !in_calendar(&civil))
		return err_set(err, -EINVAL, "\"%.40s\" is not a month: write 2026-02", text);
	*ret_from_s = join(&civil) - offset_s;
	*ret_to_s = *ret_from_s + (int64_t)month_days(civil.year, civil.month) * DAY_S;
	return 0;
}

void civil_month_name(int64_t utc_s, int32_t offset_s, char ret_text[8])
{
	struct civil civil = split(utc_s + offset_s);
	char text[32];

	snprintf(text, sizeof text, "%04lld-%02d", (long long)civil.year, civil.month);
	memcpy(ret_text, text, 7);
	ret_text[7] = '\0';
}

static const struct zone {
	const char *name;
	int32_t offset_s;
} zones[] = {{"WIB", 7 * 3600}, {"WITA", 8 * 3600}, {"WIT", 9 * 3600}};

int civil_zone(const char *name, int32_t *ret_offset_s)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (strcmp(name, zones[i].name) == 0) {
			*ret_offset_s = zones[i].offset_s;
			return 0;
		}
	}
	return -EINVAL;
}

void civil_format_zone(int64_t utc_s, int32_t offset_s, char ret_text[CIVIL_TIME_BYTES])
{
	size_t length;

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		if (zones[i].offset_s != offset_s)
			continue;
		civil_format_local(utc_s, offset_s, ret_text);
		length = strlen(ret_text);
		snprintf(ret_text + length, CIVIL_TIME_BYTES - length, " %s", zones[i].name);
		return;
	}
	civil_format(utc_s, ret_text);
}
