/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/service.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400
#define WEEK_DAYS 7
#define EPOCH_WEEKDAY 3 /* 1970-01-01 was a Thursday */

static const char day_names[WEEK_DAYS][4] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* ---- text; each reader moves *at on past what it took */

static bool take_char(const char **at, char wanted)
{
	if (**at != wanted)
		return false;
	(*at)++;
	return true;
}

static bool take_day(const char **at, uint8_t *ret_day)
{
	for (uint8_t i = 0; i < WEEK_DAYS; i++) {
		if (strncmp(*at, day_names[i], 3) == 0) {
			*at += 3;
			*ret_day = i;
			return true;
		}
	}
	return false;
}

/* "08:30", both digits of both parts; up to 24:00 */
static bool take_clock(const char **at, uint32_t *ret_s)
{
	const char *text = *at;
	uint32_t hours, minutes;

	for (int i = 0; i < 5; i++) {
		if (i == 2 ? text[i] != ':' : !isdigit((unsigned char)text[i]))
			return false;
	}
	hours = (uint32_t)(text[0] - '0') * 10 + (uint32_t)(text[1] - '0');
	minutes = (uint32_t)(text[3] - '0') * 10 + (uint32_t)(text[4] - '0');
	if (minutes > 59 || hours * 60 + minutes > 24 * 60)
		return false;
	*at += 5;
	*ret_s = (hours * 60 + minutes) * 60;
	return true;
}

static bool take_days(const char **at, struct service_window *window)
{
	window->first = 0;
	window->last = WEEK_DAYS - 1;
	if (isdigit((unsigned char)**at))
		return true;
	if (!take_day(at, &window->first))
		return false;
	window->last = window->first;
	if (take_char(at, '-') && !take_day(at, &window->last))
		return false;
	return take_char(at, '@');
}

static bool take_window(const char **at, struct service_window *window)
{
	if (!take_days(at, window) || !take_clock(at, &window->from_s) || !take_char(at, '-') ||
		!take_clock(at, &window->to_s))
		return false;
	if (window->from_s >= DAY_S || window->to_s == 0 || window->from_s == window->to_s)
		return false;
	if (window->to_s < window->from_s)
		window->to_s += DAY_S;
	return true;
}

int service_parse(const char *text, struct service *ret_service)
{
	struct service service = {0};

	if (strcmp(text, "always") != 0) {
		do {
			if (service.count == SERVICE_WINDOWS_MAX ||
				!take_window(&text, &service.windows[service.count++]))
				return -EINVAL;
		} while (take_char(&text, ','));
		if (*text)
			return -EINVAL;
	}
	*ret_service = service;
	return 0;
}

static int format_days(const struct service_window *window, char *ret_text, size_t size)
{
	if (window->first == 0 && window->last == WEEK_DAYS - 1)
		return 0;
	if (window->first == window->last)
		return snprintf(ret_text, size, "%s@", day_names[window->first]);
	return snprintf(
		ret_text, size, "%s-%s@", day_names[window->first], day_names[window->last]);
}

void service_format(const struct service *service, char ret_text[SERVICE_TEXT_BYTES])
{
	size_t at = 0;

	snprintf(ret_text, SERVICE_TEXT_BYTES, "always");
	for (uint32_t i = 0; i < service->count; i++) {
		const struct service_window *window = &service->windows[i];
		uint32_t to_s = window->to_s > DAY_S ? window->to_s - DAY_S : window->to_s;
		if (i)
			ret_text[at++] = ',';
		at += (size_t)format_days(window, ret_text + at, SERVICE_TEXT_BYTES - at);
		at += (size_t)snprintf(ret_text + at, SERVICE_TEXT_BYTES - at,
			"%02u:%02u-%02u:%02u", window->from_s / 3600, window->from_s / 60 % 60,
			to_s / 3600, to_s / 60 % 60);
	}
}

/* ---- seconds */

static int64_t day_of(int64_t local_s)
{
	return local_s >= 0 ? local_s / DAY_S : (local_s + 1) / DAY_S - 1;
}

static bool serves(const struct service_window *window, int weekday)
{
	if (window->first <= window->last)
		return weekday >= window->first && weekday <= window->last;
	return weekday >= window->first || weekday <= window->last;
}

static int add_clipped(const struct span *within, int64_t from, int64_t to, struct spans *ret)
{
	return spans_add(
		ret, from > within->from ? from : within->from, to < within->to ? to : within->to);
}

static int add_day(const struct service *service, const struct span *within, int64_t midnight,
	int weekday, struct spans *ret)
{
	int failed = 0;

	for (uint32_t i = 0; !failed && i < service->count; i++) {
		const struct service_window *window = &service->windows[i];
		if (serves(window, weekday))
			failed = add_clipped(
				within, midnight + window->from_s, midnight + window->to_s, ret);
	}
	return failed;
}

int service_spans(const struct service *service, const struct span *within, int32_t offset_s,
	struct spans *ret)
{
	int failed = 0;

	if (!service->count)
		return spans_add(ret, within->from, within->to);
	if (within->from >= within->to)
		return 0;
	/* the day before may reach past its midnight */
	int64_t first = day_of(within->from + offset_s) - 1;
	int64_t last = day_of(within->to - 1 + offset_s);
	for (int64_t day = first; !failed && day <= last; day++) {
		int64_t weekday = ((day + EPOCH_WEEKDAY) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS;
		failed = add_day(service, within, day * DAY_S - offset_s, (int)weekday, ret);
	}
	return failed;
}
