/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/speed.h"

#include <errno.h>
#include <stdlib.h>

#define DAY_S 86400

static int make_room(struct speed_list *list, size_t count)
{
	size_t room = list->room * 2 > count ? list->room * 2 : count + 8;
	if (count <= list->room)
		return 0;
	struct speed_test *items = realloc(list->items, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	list->items = items;
	list->room = room;
	return 0;
}

int speed_list_add(struct speed_list *list, const struct speed_test *test)
{
	int failed = make_room(list, list->count + 1);
	if (!failed)
		list->items[list->count++] = *test;
	return failed;
}

int speed_list_merge(struct speed_list *into, const struct speed_list *from)
{
	int failed = make_room(into, into->count + from->count);
	for (size_t i = 0; !failed && i < from->count; i++)
		into->items[into->count++] = from->items[i];
	return failed;
}

void speed_list_done(struct speed_list *list)
{
	free(list->items);
	*list = (struct speed_list){0};
}

static bool reaches(const struct speed_terms *terms, uint32_t kbps, uint32_t rate_kbps)
{
	return (uint64_t)kbps * TERMS_PPM >= (uint64_t)rate_kbps * terms->rate_ppm;
}

static bool passes(const struct speed_terms *terms, const struct speed_test *test)
{
	return (!test->has_down || reaches(terms, test->down_kbps, test->rate_down_kbps)) &&
		(!test->has_up || reaches(terms, test->up_kbps, test->rate_up_kbps));
}

static int by_time(const void *left, const void *right)
{
	const struct speed_test *a = left, *b = right;
	return (a->at_s > b->at_s) - (a->at_s < b->at_s);
}

static int by_value(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

/* Of those that are not disputed, in a list that is sorted by time. Times are after 1970 in every
 * zone. */
static uint32_t count_days(const struct speed_list *list, int32_t offset_s)
{
	uint32_t days = 0;
	int64_t last = -1;
	for (size_t i = 0; i < list->count; i++) {
		int64_t day = (list->items[i].at_s + offset_s) / DAY_S;
		if (list->items[i].disputed)
			continue;
		days += day != last;
		last = day;
	}
	return days;
}

/* Of one direction, into `scratch`, which has room for all. */
static bool median(
	const struct speed_list *list, bool up, uint32_t *scratch, uint32_t *ret_median_kbps)
{
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct speed_test *test = &list->items[i];
		if (!test->disputed && (up ? test->has_up : test->has_down))
			scratch[count++] = up ? test->up_kbps : test->down_kbps;
	}
	if (!count)
		return false;
	qsort(scratch, count, sizeof(*scratch), by_value);
	*ret_median_kbps = scratch[(count + 1) / 2 - 1];
	return true;
}

struct disputed {
	uint32_t passed, failed;
};

/* In integers, as the availability. */
static bool enough(const struct speed_terms *terms, uint32_t passed, uint32_t failed)
{
	return (uint64_t)passed * TERMS_PPM >= ((uint64_t)passed + failed) * terms->share_ppm;
}

/* People may yet find that any of the disputed tests are the link's, or none: at worst all that
 * failed are, at best all that passed. */
static enum verdict verdict_of(const struct speed_terms *terms, const struct speed_month *month,
	const struct disputed *disputed)
{
	uint32_t failed = month->tests - month->passed;

	if (!terms->rate_ppm)
		return VERDICT_NOT_JUDGED;
	if (month->tests < terms->tests || month->days < terms->days)
		return VERDICT_UNDECIDED;
	if (enough(terms, month->passed, failed + disputed->failed))
		return VERDICT_MET;
	return enough(terms, month->passed + disputed->passed, failed) ? VERDICT_UNDECIDED
								       : VERDICT_MISSED;
}

static void count_test(const struct speed_terms *terms, const struct speed_test *test,
	struct speed_month *month, struct disputed *disputed)
{
	bool passed = passes(terms, test);

	if (test->disputed) {
		disputed->passed += passed || test->several;
		disputed->failed += !passed || test->several;
	} else {
		month->tests++;
		month->passed += passed;
	}
}

int speed_judge(const struct speed_terms *terms, struct speed_list *list, int32_t offset_s,
	struct speed_month *ret_month)
{
	struct speed_month month = {.tests = 0};
	struct disputed disputed = {0};
	uint32_t *scratch = calloc(list->count + 1, sizeof(*scratch));
	if (!scratch)
		return -ENOMEM;
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_time);
	for (size_t i = 0; i < list->count; i++)
		count_test(terms, &list->items[i], &month, &disputed);
	month.days = count_days(list, offset_s);
	month.has_down = median(list, false, scratch, &month.down_median_kbps);
	month.has_up = median(list, true, scratch, &month.up_median_kbps);
	month.verdict = verdict_of(terms, &month, &disputed);
	free(scratch);
	*ret_month = month;
	return 0;
}
