/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's replica of the bindings: what measured what, as of the registry's sequence in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/ledger_rebound.h"

static int compare_wan(const struct registry_binding *a, uint32_t agent, const char *wan)
{
	if (a->agent != agent)
		return a->agent < agent ? -1 : 1;
	return strcmp(a->wan, wan);
}

static int by_wan(const void *left, const void *right)
{
	const struct registry_binding *a = left, *b = right;
	int order = compare_wan(a, b->agent, b->wan);

	return order ? order : (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

static const struct registry_binding *find(const struct registry_binding *items, size_t count,
	uint32_t agent, const char *wan, size_t *ret)
{
	size_t low = 0, high = count, after;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_wan(&items[middle], agent, wan) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (after = low; after < count && !compare_wan(&items[after], agent, wan); after++)
		;
	*ret = after - low;
	return after > low ? &items[low] : NULL;
}

const struct registry_binding *bindings_find(
	const struct ledger_writer *writer, uint32_t agent, const char *wan, size_t *ret_count)
{
	return find(writer->bindings, writer->binding_count, agent, wan, ret_count);
}

const struct registry_binding *bindings_of_agent(
	const struct ledger_writer *writer, uint32_t agent, size_t *ret_count)
{
	size_t low = 0, high = writer->binding_count, after;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (writer->bindings[middle].agent < agent)
			low = middle + 1;
		else
			high = middle;
	}
	for (after = low; after < writer->binding_count && writer->bindings[after].agent == agent;)
		after++;
	*ret_count = after - low;
	return writer->bindings + low;
}

static int read_bindings(struct ledger_writer *writer, struct registry_binding *items, size_t room,
	size_t *ret_count, struct err *err)
{
	struct query q;
	size_t count = 0;

	db_query(&q, writer->db, "SELECT id, agent, wan, link, from_s, to_s FROM binding");
	while (count < room && query_next(&q) > 0) {
		struct registry_binding *binding = &items[count++];
		binding->id = query_get_number(&q, 0);
		binding->agent = (uint32_t)query_get_number(&q, 1);
		query_copy_text(&q, 2, binding->wan, sizeof(binding->wan));
		binding->link = query_get_number(&q, 3);
		binding->from_s = query_get_number(&q, 4);
		binding->to_s = query_get_until(&q, 5);
	}
	*ret_count = count;
	return query_end(&q, err);
}

int bindings_load(struct ledger_writer *writer, struct err *err)
{
	struct registry_binding *items;
	struct query q;
	size_t room = 0, count;
	int r;

	db_query(&q, writer->db, "SELECT count(*) FROM binding");
	if (query_next(&q) > 0)
		room = (size_t)query_get_number(&q, 0);
	r = query_end(&q, err);
	if (r < 0)
		return r;
	items = calloc(room + 1, sizeof(*items));
	if (!items)
		return err_errno(err, -ENOMEM, "bindings");
	r = read_bindings(writer, items, room, &count, err);
	if (r < 0) {
		free(items);
		return r;
	}
	qsort(items, count, sizeof(*items), by_wan);
	free(writer->bindings);
	writer->bindings = items;
	writer->binding_count = count;
	writer->bindings_changed = false;
	return 0;
}

static bool same(const struct registry_binding *a, size_t a_count, const struct registry_binding *b,
	size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++) {
		if (a[i].id != b[i].id || a[i].link != b[i].link || a[i].from_s != b[i].from_s ||
			a[i].to_s != b[i].to_s)
			return false;
	}
	return true;
}

static int insert_binding(
	struct ledger_writer *writer, const struct registry_binding *binding, struct err *err)
{
	struct query q;

	db_query(&q, writer->db,
		"INSERT INTO binding(id, agent, wan, link, from_s, to_s) VALUES (?, ?, ?, ?, ?, "
		"?)");
	query_number(&q, binding->id);
	query_number(&q, binding->agent);
	query_text(&q, binding->wan);
	query_number(&q, binding->link);
	query_number(&q, binding->from_s);
	query_until(&q, binding->to_s);
	return query_run(&q, err);
}

static int write_wan(struct ledger_writer *writer, const struct registry_binding *of,
	const struct registry_binding *items, size_t count, struct err *err)
{
	struct query q;
	int r;

	db_query(&q, writer->db, "DELETE FROM binding WHERE agent = ? AND wan = ?");
	query_number(&q, of->agent);
	query_text(&q, of->wan);
	r = query_run(&q, err);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = insert_binding(writer, &items[i], err);
	return r;
}

/* Walks both sorted lists, WAN by WAN. */
static int replace_changed(struct ledger_writer *writer, const struct registry_binding *items,
	size_t count, struct rebounds *rebounds, struct err *err)
{
	size_t at = 0, old_at = 0;
	int r = 0;

	while (r == 0 && (at < count || old_at < writer->binding_count)) {
		const struct registry_binding *first = at < count ? &items[at] : NULL;
		if (!first ||
			(old_at < writer->binding_count &&
				compare_wan(&writer->bindings[old_at], first->agent, first->wan) <
					0))
			first = &writer->bindings[old_at];
		struct wan_change change;
		change.now = find(
			items + at, count - at, first->agent, first->wan, &change.now_count);
		change.old = find(writer->bindings + old_at, writer->binding_count - old_at,
			first->agent, first->wan, &change.old_count);
		if (!same(change.now, change.now_count, change.old, change.old_count)) {
			r = rebound_note(writer, rebounds, &change, err);
			if (r == 0)
				r = write_wan(writer, first, change.now, change.now_count, err);
		}
		at += change.now_count;
		old_at += change.old_count;
	}
	return r;
}

int ledger_follow(struct ledger_writer *writer, const struct registry_binding *bindings,
	size_t count, int64_t sequence, struct err *err)
{
	struct registry_binding *sorted = calloc(count + 1, sizeof(*sorted));
	struct rebounds rebounds = {0};
	int r;

	if (!sorted)
		return err_errno(err, -ENOMEM, "bindings");
	if (count)
		memcpy(sorted, bindings, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_wan);
	r = replace_changed(writer, sorted, count, &rebounds, err);
	if (r == 0)
		r = position_put(writer->db, "registry", sequence, 0, err);
	if (r < 0) {
		rebounds_done(&rebounds);
		free(sorted);
		return r;
	}
	free(writer->bindings);
	writer->bindings = sorted;
	writer->binding_count = count;
	writer->bindings_changed = true;
	r = rebounds_apply(writer, &rebounds, err);
	rebounds_done(&rebounds);
	return r;
}
