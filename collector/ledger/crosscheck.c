/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledger/crosscheck.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_S 1000000
/* A figure is of five windows of 100 ms, or else of the stream's later half (SPEED.md). */
#define FIGURE_LEAST_MS 500

const char *const flag_kind_names[] = {
	"down-heard", "ahead", "rtt-low", "up-unseen", "speed-unserved", NULL};

const char *flag_kind_name(enum flag_kind kind)
{
	return kind >= FLAG_DOWN_HEARD && kind < FLAG_KIND_COUNT ? flag_kind_names[kind - 1] : "?";
}

struct numbers {
	int64_t *items;
	size_t count, room;
};

struct stretches {
	struct span *items;
	size_t count, room;
};

struct crosscheck {
	struct stretches dead; /* said to have carried nothing */
	struct stretches good;
	struct numbers came; /* seconds at which its records came over it */
	struct numbers heard; /* seconds at which any of its records came */
	struct numbers test, rest, gain; /* us; of pairs that both answered */
	struct numbers stamps; /* us; answers of the collector's own address */
	struct target_day targets;
	struct flag ahead;
	struct address stamp; /* whom the answers are of; one alone is compared */
	bool many_stamps;
	struct flag *flags;
	size_t flag_count, flag_room;
};

struct crosscheck *crosscheck_new(void)
{
	return calloc(1, sizeof(struct crosscheck));
}

void crosscheck_free(struct crosscheck *check)
{
	if (!check)
		return;
	free(check->dead.items);
	free(check->good.items);
	free(check->came.items);
	free(check->heard.items);
	free(check->test.items);
	free(check->rest.items);
	free(check->gain.items);
	free(check->stamps.items);
	free(check->flags);
	free(check);
}

void crosscheck_clear(struct crosscheck *check)
{
	struct numbers *numbers[] = {&check->came, &check->heard, &check->test, &check->rest,
		&check->gain, &check->stamps};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		numbers[i]->count = 0;
	check->dead.count = check->good.count = check->flag_count = 0;
	check->targets = (struct target_day){.pairs = 0};
	check->ahead = (struct flag){.kind = FLAG_AHEAD};
	check->stamp = (struct address){.length = 0};
	check->many_stamps = false;
}

/* Room for one more; NULL: out of memory. */
static void *add(void **items, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t more = *room ? *room * 2 : 64;
		void *grown = reallocarray(*items, more, size);
		if (!grown)
			return NULL;
		*items = grown;
		*room = more;
	}
	return (char *)*items + (*count)++ * size;
}

static int note(struct numbers *numbers, int64_t value)
{
	int64_t *item = add(
		(void **)&numbers->items, &numbers->count, &numbers->room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = value;
	return 0;
}

/* Adjacent ones are one. */
static int stretch(struct stretches *stretches, const struct checked_slot *slot)
{
	struct span *last = stretches->count ? &stretches->items[stretches->count - 1] : NULL;

	if (last && slot->from_s <= last->to + 2) {
		if (slot->to_s > last->to)
			last->to = slot->to_s;
		return 0;
	}
	last = add((void **)&stretches->items, &stretches->count, &stretches->room, sizeof(*last));
	if (!last)
		return -ENOMEM;
	*last = (struct span){slot->from_s, slot->to_s};
	return 0;
}

/* ---- the test server beside another target */

static bool is_same(const struct address *a, const struct address *b)
{
	return a->length == b->length && !memcmp(a->bytes, b->bytes, a->length);
}

static int see_answer(struct crosscheck *check, const struct slot *slot, const struct probe *probe)
{
	const struct address *address = &slot->targets[probe->target].address;

	if (probe->outcome != OUTCOME_ANSWERED)
		return 0;
	check->many_stamps |= check->stamps.count && !is_same(&check->stamp, address);
	check->stamp = *address;
	return note(&check->stamps, probe->rtt_us);
}

/* The scheduled question of the same round; NULL: there is none. */
static const struct probe *beside(const struct slot *slot, const struct probe *test)
{
	for (size_t i = 0; i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i];
		if (probe->round == test->round && !probe->follow_up &&
			probe->kind != PROBE_STAMP &&
			slot->targets[probe->target].class == CLASS_INTERNET &&
			probe->outcome != OUTCOME_REFUSED)
			return probe;
	}
	return NULL;
}

static int see_pair(struct crosscheck *check, const struct probe *test, const struct probe *rest)
{
	struct target_day *targets = &check->targets;
	bool has_test = test->outcome == OUTCOME_ANSWERED;
	bool has_rest = rest->outcome == OUTCOME_ANSWERED;
	int failed;

	targets->pairs++;
	targets->only_test += has_test && !has_rest;
	targets->only_rest += has_rest && !has_test;
	if (!has_test || !has_rest)
		return 0;
	targets->both++;
	failed = note(&check->test, test->rtt_us);
	if (!failed)
		failed = note(&check->rest, rest->rtt_us);
	return failed ? failed : note(&check->gain, (int64_t)rest->rtt_us - test->rtt_us);
}

static int see_targets(struct crosscheck *check, const struct slot *slot)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < slot->probe_count; i++) {
		const struct probe *probe = &slot->probes[i], *rest;
		if (probe->kind != PROBE_STAMP || probe->outcome == OUTCOME_REFUSED)
			continue;
		failed = see_answer(check, slot, probe);
		rest = probe->follow_up ? NULL : beside(slot, probe);
		if (!failed && rest)
			failed = see_pair(check, probe, rest);
	}
	return failed;
}

/* ---- slots */

/* A link that comes and goes between two rounds has carried something all the same. */
static bool came_back(const struct slot *slot)
{
	for (size_t i = 0; i < slot->event_count; i++) {
		if (slot->events[i].kind == EVENT_CARRIER_UP)
			return true;
	}
	return false;
}

static bool is_dead(const struct checked_slot *slot)
{
	const struct evidence *evidence = slot->evidence;

	return !came_back(slot->slot) && evidence->made > 0 && evidence->lost == evidence->made &&
		!evidence->ever && (slot->cause == DOWN_LOCAL || slot->cause == DOWN_CPE);
}

static void see_ahead(struct crosscheck *check, const struct checked_slot *slot)
{
	int64_t received_s = slot->received_us / US_PER_S;
	struct flag *flag = &check->ahead;

	if (slot->to_s <= received_s + CHECK_AHEAD_S)
		return;
	if (!flag->count++)
		flag->from_s = slot->from_s;
	if (flag->count == 1 || slot->to_s - received_s > flag->said - flag->seen) {
		flag->said = slot->to_s;
		flag->seen = received_s;
	}
	flag->to_s = slot->to_s;
}

int crosscheck_slot(struct crosscheck *check, const struct checked_slot *slot)
{
	int failed = note(&check->heard, slot->received_us / US_PER_S);

	if (!failed && !strcmp(slot->via_wan, slot->slot->wan))
		failed = note(&check->came, slot->received_us / US_PER_S);
	if (!failed && is_dead(slot))
		failed = stretch(&check->dead, slot);
	if (!failed && slot->evidence->made && slot->evidence->lost * 2 <= slot->evidence->made)
		failed = stretch(&check->good, slot);
	see_ahead(check, slot);
	return failed ? failed : see_targets(check, slot->slot);
}

/* ---- the end of the day */

static int flag_add(struct crosscheck *check, const struct flag *flag)
{
	struct flag *item = add(
		(void **)&check->flags, &check->flag_count, &check->flag_room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *flag;
	return 0;
}

static int by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

/* Nearest rank; sorts. */
static int64_t median(struct numbers *numbers)
{
	if (!numbers->count)
		return 0;
	qsort(numbers->items, numbers->count, sizeof(*numbers->items), by_size);
	return numbers->items[(numbers->count - 1) / 2];
}

/* Of sorted numbers: the first that is at least this. */
static size_t find(const struct numbers *numbers, int64_t least)
{
	size_t low = 0, high = numbers->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (numbers->items[middle] < least)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int end_dead(struct crosscheck *check)
{
	int failed = 0;

	for (size_t i = 0; !failed && i < check->dead.count; i++) {
		const struct span *dead = &check->dead.items[i];
		struct flag flag = {
			FLAG_DOWN_HEARD, dead->from, dead->to, dead->to - dead->from, 0, 0};
		size_t first = find(&check->came, dead->from + CHECK_MARGIN_S);
		size_t after = find(&check->came, dead->to - CHECK_MARGIN_S);
		if (after <= first)
			continue;
		flag.seen = (int64_t)(after - first);
		failed = flag_add(check, &flag);
	}
	return failed;
}

/* Between two moments at which something came lies an hour or more of a good stretch. */
static int end_unseen(struct crosscheck *check)
{
	int failed = 0;

	for (size_t i = 0; i < check->good.count; i++) {
		const struct span *good = &check->good.items[i];
		int64_t from_s = good->from;
		size_t at = find(&check->heard, from_s);
		while (!failed && from_s < good->to) {
			int64_t next_s = at < check->heard.count ? check->heard.items[at++]
								 : SPAN_FOREVER;
			int64_t to_s = next_s < good->to ? next_s : good->to;
			struct flag flag = {FLAG_UP_UNSEEN, from_s, to_s, to_s - from_s, 0, 0};
			if (to_s - from_s >= CHECK_UNSEEN_S)
				failed = flag_add(check, &flag);
			from_s = next_s;
		}
	}
	return failed;
}

static int end_rtt(struct crosscheck *check, const struct seen_rtt *seen)
{
	int64_t said_us = median(&check->stamps);
	struct flag flag = {
		FLAG_RTT_LOW, 0, 0, said_us, seen->min_rtt_us, (int64_t)check->stamps.count};

	if (check->stamps.count < CHECK_RTTS_MIN || seen->looks < CHECK_RTTS_MIN ||
		!seen->min_rtt_us || check->many_stamps || !seen->own.length ||
		!is_same(&check->stamp, &seen->own))
		return 0; /* there is nothing to hold it against */
	if (seen->min_rtt_us <= said_us + said_us / 4 + CHECK_RTT_SLACK_US)
		return 0;
	return flag_add(check, &flag);
}

static void sort(struct numbers *numbers)
{
	if (numbers->count)
		qsort(numbers->items, numbers->count, sizeof(*numbers->items), by_size);
}

int crosscheck_end(struct crosscheck *check, const struct seen_rtt *seen,
	const struct flag **ret_flags, size_t *ret_count)
{
	int failed;

	check->flag_count = 0;
	sort(&check->came);
	sort(&check->heard);
	failed = end_dead(check);
	if (!failed)
		failed = end_unseen(check);
	if (!failed)
		failed = end_rtt(check, seen);
	if (!failed && check->ahead.count)
		failed = flag_add(check, &check->ahead);
	if (failed)
		return failed;
	*ret_flags = check->flags;
	*ret_count = check->flag_count;
	return 0;
}

struct target_day crosscheck_targets(struct crosscheck *check)
{
	struct target_day targets = check->targets;

	targets.test_rtt_us = (uint32_t)median(&check->test);
	targets.rest_rtt_us = (uint32_t)median(&check->rest);
	targets.gain_us = (int32_t)median(&check->gain);
	return targets;
}

bool crosscheck_unserved(const struct speed_run *said, int64_t served_bytes, int64_t *ret_bytes)
{
	uint64_t half_ms = said->duration_ms / 2;
	uint64_t figure_ms = half_ms < FIGURE_LEAST_MS ? half_ms : FIGURE_LEAST_MS;
	uint64_t rated = said->kbps * figure_ms / 8;
	uint64_t most = said->bytes > rated ? said->bytes : rated;

	*ret_bytes = (int64_t)most;
	return most > (uint64_t)(served_bytes + served_bytes / 4 + CHECK_SERVED_SLACK);
}
