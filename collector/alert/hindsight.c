/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/hindsight.h"

#include <errno.h>
#include <string.h>

#include "collector/report/timeline.h"

struct past { /* of one member, in seconds */
	int64_t up_s, down_s, power_s, rest_s;
	int64_t by[DOWN_CAUSE_COUNT];
};

static int add_stretch(void *arg, const struct timeline_stretch *stretch)
{
	struct past *past = arg;
	int64_t length_s = stretch->to_s - stretch->from_s;

	if (stretch->class == 'U')
		past->up_s += length_s;
	else if (stretch->class == 'N' && stretch->cause &&
		!strcmp(stretch->cause, unknown_cause_name(UNKNOWN_POWER)))
		past->power_s += length_s;
	else if (stretch->class == 'N')
		past->rest_s += length_s;
	if (stretch->class != 'D')
		return 0;
	past->down_s += length_s;
	for (int cause = 0; cause < DOWN_CAUSE_COUNT; cause++) {
		if (stretch->cause && !strcmp(stretch->cause, down_cause_name(cause)))
			past->by[cause] += length_s;
	}
	return 0;
}

static int read_member(const struct sla_source *source, const struct alarm_member *member,
	int64_t now_s, struct past *ret_past, struct err *err)
{
	struct registry_link link;
	struct timeline_query query = {
		.link = &link, .span = {member->from_s, member->to_s}, .as_of_s = now_s};
	int r = registry_link_get(source->registry, member->link, &link, err);

	*ret_past = (struct past){.up_s = 0};
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	if (query.span.to - query.span.from > TIMELINE_SPAN_MAX_S)
		query.span.from = query.span.to - TIMELINE_SPAN_MAX_S;
	return timeline_read(source, &query, add_stretch, ret_past, err);
}

/* A link counts once: down where any second was, else what most of it was. */
static void add_member(struct alarm_hindsight *sum, const struct past *past)
{
	if (past->down_s)
		sum->down++;
	else if (past->power_s && past->power_s >= past->rest_s && past->power_s >= past->up_s)
		sum->power++;
	else if (past->up_s && past->up_s >= HINDSIGHT_KNOWN * past->rest_s)
		sum->up++;
	else
		sum->unknown++;
	sum->down_s += past->down_s;
	sum->power_s += past->power_s;
	sum->up_s += past->up_s;
	sum->rest_s += past->rest_s;
}

static void find_cause(const int64_t by[DOWN_CAUSE_COUNT], struct alarm_hindsight *sum)
{
	int most = 0;

	for (int cause = 1; cause < DOWN_CAUSE_COUNT; cause++) {
		if (by[cause] > by[most])
			most = cause;
	}
	sum->has_cause = by[most] > 0;
	sum->cause = (enum down_cause)most;
}

static size_t count_silent(const struct alarm *alarm)
{
	size_t count = 0;

	for (size_t i = 0; i < alarm->count; i++)
		count += alarm->members[i].silent;
	return count;
}

/* Evenly among all: neighbours joined one after the other. */
static bool is_drawn(size_t number, size_t of)
{
	return of <= HINDSIGHT_LINKS_MAX ||
		(number + 1) * HINDSIGHT_LINKS_MAX / of > number * HINDSIGHT_LINKS_MAX / of;
}

int hindsight_read(const struct sla_source *source, const struct alarm *alarm, int64_t now_s,
	struct alarm_hindsight *ret_hindsight, struct err *err)
{
	struct alarm_hindsight sum = {0};
	int64_t by[DOWN_CAUSE_COUNT] = {0};
	size_t silent = count_silent(alarm), number = 0;

	sum.silent = (uint32_t)silent;
	for (size_t i = 0; i < alarm->count; i++) {
		struct past past;
		int r;

		if (!alarm->members[i].silent || !is_drawn(number++, silent))
			continue;
		r = read_member(source, &alarm->members[i], now_s, &past, err);
		if (r < 0)
			return r;
		sum.looked++;
		add_member(&sum, &past);
		for (int cause = 0; cause < DOWN_CAUSE_COUNT; cause++)
			by[cause] += past.by[cause];
	}
	find_cause(by, &sum);
	*ret_hindsight = sum;
	return 0;
}
