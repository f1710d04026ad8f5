/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/derived_shelf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct shelf_part { /* a row of the table `run` */
	int64_t link, rule, part;
	struct shelf_body body;
};

struct list { /* items begin with the link's id, by which they are sorted */
	uint8_t *items;
	size_t size, count, room;
};

struct block { /* of bodies; never moves */
	struct block *next;
	size_t used;
	uint8_t bytes[256 * 1024];
};

struct shelf {
	struct shelf_range range;
	struct span parts; /* numbers, [from, to) */
	struct list rules, runs, months;
	struct block *blocks;
};

static void *add(struct list *list)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 256;
		void *items = realloc(list->items, room * list->size);
		if (!items)
			return NULL;
		list->items = items;
		list->room = room;
	}
	return list->items + list->size * list->count++;
}

static int64_t link_at(const struct list *list, size_t i)
{
	int64_t link;

	memcpy(&link, list->items + list->size * i, sizeof(link));
	return link;
}

static size_t first_of(const struct list *list, int64_t link)
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (link_at(list, middle) < link)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A copy that stays where it is. */
static int keep_body(struct shelf *shelf, struct query *q, int column, struct shelf_body *ret_body)
{
	struct block *block = shelf->blocks;
	size_t length;
	const void *bytes = query_get_bytes(q, column, &length);

	if (length > sizeof(block->bytes))
		return -E2BIG;
	if (!block || sizeof(block->bytes) - block->used < length) {
		block = malloc(sizeof(*block));
		if (!block)
			return -ENOMEM;
		block->next = shelf->blocks;
		block->used = 0;
		shelf->blocks = block;
	}
	if (length)
		memcpy(block->bytes + block->used, bytes, length);
	*ret_body = (struct shelf_body){block->bytes + block->used, length};
	block->used += length;
	return 0;
}

/* ---- three passes */

static int end_pass(struct query *q, int failed, struct err *err)
{
	int r = query_end(q, failed ? NULL : err);

	return failed ? err_errno(err, failed, "what is derived") : r;
}

static void bind_links(struct query *q, const struct shelf *shelf)
{
	query_number(q, shelf->range.first_link);
	query_number(q, shelf->range.last_link);
}

static int load_rules(struct shelf *shelf, struct db *db, struct err *err)
{
	struct query q;
	int failed = 0;

	db_query(&q, db,
		"SELECT l.link, r.rule, l.contract_s, l.begins_s, l.first_s, l.tail_s,"
		" l.tail_cause, l.figured_s, r.waits_s, r.since_s"
		" FROM link_line AS l JOIN link_rule AS r ON r.link = l.link"
		" WHERE l.link >= ? AND l.link <= ? ORDER BY l.link");
	bind_links(&q, shelf);
	while (!failed && query_next(&q) > 0) {
		struct shelf_rule *item = add(&shelf->rules);
		if (!item) {
			failed = -ENOMEM;
			break;
		}
		*item = (struct shelf_rule){
			.link = query_get_number(&q, 0),
			.rule = query_get_number(&q, 1),
			.waits = !query_is_null(&q, 8),
			.since_s = query_is_null(&q, 9) ? INT64_MIN : query_get_number(&q, 9),
		};
		derived_line_read(&q, 2, &item->line);
	}
	return end_pass(&q, failed, err);
}

static int add_run(struct shelf *shelf, struct query *q, int64_t part)
{
	struct shelf_part *item = add(&shelf->runs);

	if (!item)
		return -ENOMEM;
	*item = (struct shelf_part){
		.link = query_get_number(q, 0), .rule = query_get_number(q, 1), .part = part};
	return keep_body(shelf, q, 2, &item->body);
}

static int load_part(struct shelf *shelf, struct db *db, int64_t part, struct err *err)
{
	struct query q;
	int failed = 0;

	db_query(&q, db,
		"SELECT link, rule, body FROM run WHERE part = ? AND link >= ? AND link <= ?");
	query_number(&q, part);
	bind_links(&q, shelf);
	while (!failed && query_next(&q) > 0)
		failed = add_run(shelf, &q, part);
	return end_pass(&q, failed, err);
}

static int by_link(const void *left, const void *right)
{
	const struct shelf_part *a = left, *b = right;

	return (a->link > b->link) - (a->link < b->link);
}

static int load_runs(struct shelf *shelf, struct db *db, struct err *err)
{
	int r = 0;

	for (int64_t part = shelf->parts.from; r == 0 && part < shelf->parts.to; part++)
		r = load_part(shelf, db, part, err);
	if (r == 0 && shelf->runs.count)
		qsort(shelf->runs.items, shelf->runs.count, shelf->runs.size, by_link);
	return r;
}

static int load_months(struct shelf *shelf, struct db *db, struct err *err)
{
	struct query q;
	int failed = 0;

	db_query(&q, db,
		"SELECT link, seconds, to_s, body FROM month"
		" WHERE month = ? AND link >= ? AND link <= ?");
	query_number(&q, shelf->range.month);
	bind_links(&q, shelf);
	while (!failed && query_next(&q) > 0) {
		struct shelf_month *item = add(&shelf->months);
		if (!item) {
			failed = -ENOMEM;
			break;
		}
		*item = (struct shelf_month){
			.link = query_get_number(&q, 0),
			.hash = query_get_number(&q, 1),
			.to_s = query_get_number(&q, 2),
		};
		failed = keep_body(shelf, &q, 3, &item->body);
	}
	return end_pass(&q, failed, err);
}

int shelf_load(
	struct db *db, const struct shelf_range *range, struct shelf **ret_shelf, struct err *err)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	int r;

	if (!shelf)
		return err_errno(err, -ENOMEM, "what is derived");
	shelf->range = *range;
	shelf->parts = (struct span){part_of(range->seconds.from), part_of(range->seconds.to) + 1};
	shelf->rules.size = sizeof(struct shelf_rule);
	shelf->runs.size = sizeof(struct shelf_part);
	shelf->months.size = sizeof(struct shelf_month);
	r = load_rules(shelf, db, err);
	if (r == 0)
		r = load_runs(shelf, db, err);
	if (r == 0)
		r = load_months(shelf, db, err);
	if (r < 0) {
		shelf_free(shelf);
		return r;
	}
	*ret_shelf = shelf;
	return 0;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	while (shelf->blocks) {
		struct block *next = shelf->blocks->next;
		free(shelf->blocks);
		shelf->blocks = next;
	}
	free(shelf->rules.items);
	free(shelf->runs.items);
	free(shelf->months.items);
	free(shelf);
}

/* ---- finding */

static bool knows(const struct shelf *shelf, int64_t link)
{
	return shelf && link >= shelf->range.first_link && link <= shelf->range.last_link;
}

int shelf_find_rule(
	const struct shelf *shelf, const struct part_key *key, const struct shelf_rule **ret_rule)
{
	if (!knows(shelf, key->link))
		return -ENOENT;
	for (size_t i = first_of(&shelf->rules, key->link); i < shelf->rules.count; i++) {
		const struct shelf_rule *rule = (const struct shelf_rule *)shelf->rules.items + i;
		if (rule->link != key->link)
			break;
		if (rule->rule == key->rule) {
			*ret_rule = rule;
			return 1;
		}
	}
	return 0;
}

int shelf_find_part(const struct shelf *shelf, const struct part_key *key, int64_t part,
	struct shelf_body *ret_body)
{
	if (!knows(shelf, key->link) || part < shelf->parts.from || part >= shelf->parts.to)
		return -ENOENT;
	for (size_t i = first_of(&shelf->runs, key->link); i < shelf->runs.count; i++) {
		const struct shelf_part *run = (const struct shelf_part *)shelf->runs.items + i;
		if (run->link != key->link)
			break;
		if (run->rule == key->rule && run->part == part) {
			*ret_body = run->body;
			return 1;
		}
	}
	return 0;
}

int shelf_find_months(const struct shelf *shelf, int64_t link,
	const struct shelf_month **ret_months, size_t *ret_count)
{
	size_t first, after;

	if (!knows(shelf, link))
		return -ENOENT;
	first = after = first_of(&shelf->months, link);
	while (after < shelf->months.count && link_at(&shelf->months, after) == link)
		after++;
	*ret_months = (const struct shelf_month *)shelf->months.items + first;
	*ret_count = after - first;
	return 0;
}
