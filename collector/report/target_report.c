/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/report/target_report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_flag.h"

#define PPM 1000000
#define MEASURES 2 /* loss and RTT */

struct link_sums {
	int64_t link;
	char provider[REGISTRY_NAME_BYTES];
	int64_t pairs, only_test, only_rest, both;
	int64_t test_us, rest_us, gain_us; /* each day's median as often as its pairs */
};

struct gathering {
	struct link_sums *links; /* by provider */
	size_t count, room;
};

/* ---- the links */

static int see_link(void *arg, const struct registry_link *link)
{
	struct gathering *gathering = arg;

	if (gathering->count == gathering->room) {
		size_t room = gathering->room ? gathering->room * 2 : 64;
		struct link_sums *links = reallocarray(gathering->links, room, sizeof(*links));
		if (!links)
			return -ENOMEM;
		gathering->links = links;
		gathering->room = room;
	}
	gathering->links[gathering->count] = (struct link_sums){.link = link->id};
	memcpy(gathering->links[gathering->count++].provider, link->provider,
		sizeof(link->provider));
	return 0;
}

static int by_link(const void *left, const void *right)
{
	const struct link_sums *a = left, *b = right;

	return (a->link > b->link) - (a->link < b->link);
}

static int by_provider(const void *left, const void *right)
{
	const struct link_sums *a = left, *b = right;
	int order = strcmp(a->provider, b->provider);

	return order ? order : by_link(left, right);
}

static int see_day(void *arg, const struct ledger_targets *targets)
{
	const struct gathering *gathering = arg;
	const struct target_day *day = &targets->day;
	const struct link_sums key = {.link = targets->link};
	struct link_sums *link = gathering->count
		? bsearch(&key, gathering->links, gathering->count, sizeof(key), by_link)
		: NULL;

	if (!link)
		return 0;
	link->pairs += day->pairs;
	link->only_test += day->only_test;
	link->only_rest += day->only_rest;
	link->both += day->both;
	link->test_us += (int64_t)day->test_rtt_us * day->both;
	link->rest_us += (int64_t)day->rest_rtt_us * day->both;
	link->gain_us += (int64_t)day->gain_us * day->both;
	return 0;
}

/* ---- one measure of each link */

static bool loss_gain(const struct link_sums *link, int64_t *ret_value)
{
	if (link->pairs)
		*ret_value = (link->only_test - link->only_rest) * PPM / link->pairs;
	return link->pairs > 0;
}

static bool rtt_gain(const struct link_sums *link, int64_t *ret_value)
{
	if (link->both)
		*ret_value = link->gain_us / link->both;
	return link->both > 0;
}

static bool test_rtt(const struct link_sums *link, int64_t *ret_value)
{
	if (link->both)
		*ret_value = link->test_us / link->both;
	return link->both > 0;
}

static bool rest_rtt(const struct link_sums *link, int64_t *ret_value)
{
	if (link->both)
		*ret_value = link->rest_us / link->both;
	return link->both > 0;
}

struct scratch { /* one value a link */
	int64_t *own, *others;
	size_t own_count, other_count;
};

static void split(const struct gathering *gathering, const char *provider,
	bool (*measure)(const struct link_sums *link, int64_t *ret_value), struct scratch *scratch)
{
	scratch->own_count = scratch->other_count = 0;
	for (size_t i = 0; i < gathering->count; i++) {
		const struct link_sums *link = &gathering->links[i];
		int64_t value;
		if (!measure(link, &value))
			continue;
		if (!strcmp(link->provider, provider))
			scratch->own[scratch->own_count++] = value;
		else
			scratch->others[scratch->other_count++] = value;
	}
}

static int by_size(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static int64_t median(int64_t *items, size_t count)
{
	if (!count)
		return 0;
	qsort(items, count, sizeof(*items), by_size);
	return items[(count - 1) / 2];
}

static void measure_provider(
	const struct gathering *gathering, struct scratch *scratch, struct targets_of *of)
{
	split(gathering, of->provider, test_rtt, scratch);
	of->test_rtt_us = median(scratch->own, scratch->own_count);
	split(gathering, of->provider, rest_rtt, scratch);
	of->rest_rtt_us = median(scratch->own, scratch->own_count);
	split(gathering, of->provider, loss_gain, scratch);
	of->loss_gain_ppm = median(scratch->own, scratch->own_count);
	of->others_loss_gain_ppm = median(scratch->others, scratch->other_count);
	rank_higher(
		scratch->own, scratch->own_count, scratch->others, scratch->other_count, &of->loss);
	split(gathering, of->provider, rtt_gain, scratch);
	of->rtt_gain_us = median(scratch->own, scratch->own_count);
	of->others_rtt_gain_us = median(scratch->others, scratch->other_count);
	rank_higher(
		scratch->own, scratch->own_count, scratch->others, scratch->other_count, &of->rtt);
}

/* ---- providers */

static int list_providers(const struct gathering *gathering, struct targets *targets)
{
	targets->items = calloc(gathering->count + 1, sizeof(*targets->items));
	if (!targets->items)
		return -ENOMEM;
	for (size_t i = 0; i < gathering->count; i++) {
		const struct link_sums *link = &gathering->links[i];
		struct targets_of *of = targets->count ? &targets->items[targets->count - 1] : NULL;
		if (!of || strcmp(of->provider, link->provider) != 0) {
			of = &targets->items[targets->count++];
			memcpy(of->provider, link->provider, sizeof(of->provider));
		}
		of->pairs += link->pairs;
		of->only_test += link->only_test;
		of->only_rest += link->only_rest;
		of->both += link->both;
	}
	return 0;
}

static bool is_named(const struct rank *rank, int64_t gain, int64_t others, size_t providers)
{
	/* better than to the rest, and not merely worse elsewhere */
	return gain > 0 && gain > others &&
		(uint64_t)rank->p_ppm * MEASURES * providers <= TARGETS_CHANCE_PPM;
}

static int compare(struct gathering *gathering, struct targets *targets)
{
	struct scratch scratch = {calloc(gathering->count + 1, sizeof(int64_t)),
		calloc(gathering->count + 1, sizeof(int64_t)), 0, 0};
	int failed = scratch.own && scratch.others ? 0 : -ENOMEM;

	if (!failed && gathering->count)
		qsort(gathering->links, gathering->count, sizeof(*gathering->links), by_provider);
	if (!failed)
		failed = list_providers(gathering, targets);
	for (size_t i = 0; !failed && i < targets->count; i++) {
		struct targets_of *of = &targets->items[i];

		measure_provider(gathering, &scratch, of);
		of->loss_named = is_named(
			&of->loss, of->loss_gain_ppm, of->others_loss_gain_ppm, targets->count);
		of->rtt_named = is_named(
			&of->rtt, of->rtt_gain_us, of->others_rtt_gain_us, targets->count);
	}
	free(scratch.own);
	free(scratch.others);
	return failed;
}

int targets_gather(struct registry *registry, struct ledger_db *ledger,
	const struct targets_query *query, struct targets *ret_targets, struct err *err)
{
	const struct ledger_span span = {query->filter.link, query->from_s, query->to_s};
	struct gathering gathering = {0};
	struct targets targets = {0};
	int r = registry_links(registry, &query->filter, see_link, &gathering, err);

	if (r == 0 && gathering.count)
		qsort(gathering.links, gathering.count, sizeof(*gathering.links), by_link);
	if (r == 0 && ledger)
		r = ledger_targets(ledger, &span, see_day, &gathering, err);
	if (r == 0 && compare(&gathering, &targets) < 0)
		r = err_errno(err, -ENOMEM, "targets");
	free(gathering.links);
	if (r < 0)
		targets_done(&targets);
	else
		*ret_targets = targets;
	return r;
}

void targets_done(struct targets *targets)
{
	free(targets->items);
	*targets = (struct targets){0};
}

/* ---- as a table */

static const struct table_column columns[] = {
	{"provider"},
	{"links", NULL, TABLE_NUMBER},
	{"pairs", NULL, TABLE_NUMBER},
	{"only_test", NULL, TABLE_NUMBER},
	{"only_rest", NULL, TABLE_NUMBER},
	{"loss_gain_ppm", NULL, TABLE_NUMBER},
	{"others_loss_gain_ppm", NULL, TABLE_NUMBER},
	{"loss_chance_ppm", NULL, TABLE_NUMBER},
	{"test_rtt_us", NULL, TABLE_NUMBER},
	{"rest_rtt_us", NULL, TABLE_NUMBER},
	{"rtt_gain_us", NULL, TABLE_NUMBER},
	{"others_rtt_gain_us", NULL, TABLE_NUMBER},
	{"rtt_chance_ppm", NULL, TABLE_NUMBER},
	{"better"},
	{NULL},
};

static const char *better(const struct targets_of *of)
{
	if (of->loss_named)
		return of->rtt_named ? "loss rtt" : "loss";
	return of->rtt_named ? "rtt" : "";
}

struct table *targets_table(const struct targets *targets)
{
	struct table *table = table_new(columns);

	for (size_t i = 0; table && i < targets->count; i++) {
		const struct targets_of *of = &targets->items[i];
		const int64_t numbers[] = {(int64_t)of->loss.own, of->pairs, of->only_test,
			of->only_rest, of->loss_gain_ppm, of->others_loss_gain_ppm, of->loss.p_ppm,
			of->test_rtt_us, of->rest_rtt_us, of->rtt_gain_us, of->others_rtt_gain_us,
			of->rtt.p_ppm};

		table_text(table, of->provider);
		for (size_t k = 0; k < sizeof(numbers) / sizeof(*numbers); k++)
			table_number(table, numbers[k]);
		table_text(table, better(of));
	}
	return table;
}

static const struct table_column text_columns[] = {
	{"provider", "Penyedia"},
	{"links", "Link", TABLE_NUMBER},
	{"pairs", "Pasangan", TABLE_NUMBER},
	{"only_test", "Hanya server uji", TABLE_NUMBER},
	{"only_rest", "Hanya lainnya", TABLE_NUMBER},
	{"test", "Server uji (ms)", TABLE_NUMBER},
	{"rest", "Lainnya (ms)", TABLE_NUMBER},
	{"gain", "Selisih (ms)", TABLE_NUMBER},
	{"others", "Penyedia lain (ms)", TABLE_NUMBER},
	{"better", "Jalur ke server uji"},
	{NULL},
};

static void put_ms(struct table *table, int64_t us)
{
	char text[24];

	snprintf(text, sizeof(text), "%s%lld.%lld", us < 0 ? "-" : "", llabs(us) / 1000,
		llabs(us) / 100 % 10);
	table_text(table, text);
}

static const char *say(const struct targets_of *of)
{
	if (of->loss_named || of->rtt_named)
		return of->loss_named && of->rtt_named ? "lebih baik: loss dan RTT"
			: of->loss_named               ? "lebih baik: loss"
						       : "lebih baik: RTT";
	return of->loss.own < RANK_MIN || of->loss.others < RANK_MIN ? "pembanding kurang"
								     : "tidak berbeda";
}

struct table *targets_text_table(const struct targets *targets)
{
	struct table *table = table_new(text_columns);

	for (size_t i = 0; table && i < targets->count; i++) {
		const struct targets_of *of = &targets->items[i];

		table_text(table, of->provider);
		table_number(table, (int64_t)of->loss.own);
		table_number(table, of->pairs);
		table_number(table, of->only_test);
		table_number(table, of->only_rest);
		put_ms(table, of->test_rtt_us);
		put_ms(table, of->rest_rtt_us);
		put_ms(table, of->rtt_gain_us);
		put_ms(table, of->others_rtt_gain_us);
		table_text(table, say(of));
	}
	return table;
}
