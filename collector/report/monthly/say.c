/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/monthly/say.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/civil.h"

const char *const report_languages[] = {"id", "en", NULL};

#define MONTHS 12

static const char *const months[][MONTHS] = {
	[REPORT_ID] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
		"September", "Oktober", "November", "Desember"},
	[REPORT_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"},
};

/* ---- numbers */

static uint64_t magnitude(int64_t number)
{
	return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

/* Digits with a mark between each three of them; where the 0 is. */
static char *put_grouped(char *out, uint64_t number, char mark)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, number);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*out++ = mark;
		*out++ = digits[i];
	}
	*out = '\0';
	return out;
}

static char group_mark(const struct say *say)
{
	return say->language == REPORT_ID ? '.' : ',';
}

static char decimal_mark(const struct say *say)
{
	return say->language == REPORT_ID ? ',' : '.';
}

const char *say_count(const struct say *say, int64_t number, char ret_text[SAY_BYTES])
{
	char *out = ret_text;

	if (number < 0)
		*out++ = '-';
	put_grouped(out, magnitude(number), group_mark(say));
	return ret_text;
}

const char *say_decimal(
	const struct say *say, int64_t scaled, unsigned decimals, char ret_text[SAY_BYTES])
{
	uint64_t scale = 1, whole = magnitude(scaled);
	char *out = ret_text;

	for (unsigned i = 0; i < decimals; i++)
		scale *= 10;
	if (scaled < 0)
		*out++ = '-';
	out = put_grouped(out, whole / scale, group_mark(say));
	if (decimals)
		sprintf(out, "%c%0*" PRIu64, decimal_mark(say), (int)decimals, whole % scale);
	return ret_text;
}

const char *say_rupiah(const struct say *say, int64_t rupiah, char ret_text[SAY_BYTES])
{
	char *out = ret_text;

	if (rupiah < 0)
		*out++ = '-';
	out += sprintf(out, "Rp ");
	put_grouped(out, magnitude(rupiah), group_mark(say));
	return ret_text;
}

const char *say_duration(int64_t seconds, char ret_text[SAY_BYTES])
{
	uint64_t whole = magnitude(seconds);

	snprintf(ret_text, SAY_BYTES, "%s%" PRIu64 ":%02u:%02u", seconds < 0 ? "-" : "",
		whole / 3600, (unsigned)(whole / 60 % 60), (unsigned)(whole % 60));
	return ret_text;
}

/* ---- times */

struct moment {
	int year, month, day, hour, minute, second;
};

static struct moment split(const struct say *say, int64_t utc_s)
{
	struct moment moment = {.month = 1};
	char text[CIVIL_TIME_BYTES];

	civil_format_local(utc_s, say->offset_s, text);
	sscanf(text, "%d-%d-%d %d:%d:%d", &moment.year, &moment.month, &moment.day, &moment.hour,
		&moment.minute, &moment.second);
	return moment;
}

static int month_number(const char *month)
{
	int year, number;

	if (sscanf(month, "%d-%d", &year, &number) != 2 || number < 1 || number > MONTHS)
		return 1;
	return number;
}

const char *say_month(const struct say *say, const char *month, char ret_text[SAY_BYTES])
{
	snprintf(ret_text, SAY_BYTES, "%s %.4s", months[say->language][month_number(month) - 1],
		month);
	return ret_text;
}

const char *say_roman_month(const char *month)
{
	static const char *const roman[MONTHS] = {
		"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

	return roman[month_number(month) - 1];
}

const char *say_date(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES])
{
	struct moment moment = split(say, utc_s);

	snprintf(ret_text, SAY_BYTES, "%d %s %04d", moment.day,
		months[say->language][moment.month - 1], moment.year);
	return ret_text;
}

const char *say_zone(int32_t offset_s, char ret_text[SAY_BYTES])
{
	static const char *const names[] = {"WIB", "WITA", "WIT"};
	int32_t named;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (civil_zone(names[i], &named) == 0 && named == offset_s) {
			strcpy(ret_text, names[i]);
			return ret_text;
		}
	}
	snprintf(ret_text, SAY_BYTES, "UTC%c%d.%02d", offset_s < 0 ? '-' : '+',
		(offset_s < 0 ? -offset_s : offset_s) / 3600,
		(offset_s < 0 ? -offset_s : offset_s) / 60 % 60);
	return ret_text;
}

const char *say_moment(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES])
{
	struct moment moment = split(say, utc_s);
	char zone[SAY_BYTES];

	say_zone(say->offset_s, zone);
	snprintf(ret_text, SAY_BYTES,
		say->language == REPORT_ID ? "%d %s %04d pukul %02d.%02d %.12s"
					   : "%d %s %04d at %02d:%02d %.12s",
		moment.day, months[say->language][moment.month - 1], moment.year, moment.hour,
		moment.minute, zone);
	return ret_text;
}

const char *say_stamp(const struct say *say, int64_t utc_s, char ret_text[SAY_BYTES])
{
	struct moment moment = split(say, utc_s);

	snprintf(ret_text, SAY_BYTES,
		say->language == REPORT_ID ? "%02d/%02d/%04d %02d.%02d.%02d"
					   : "%02d/%02d/%04d %02d:%02d:%02d",
		moment.day, moment.month, moment.year, moment.hour, moment.minute, moment.second);
	return ret_text;
}
