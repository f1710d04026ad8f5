/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_touch.h"

/* The first binding of the agent, of those that are sorted by agent. */
static size_t first_binding(const struct ledger_writer *writer, uint32_t agent)
{
	size_t low = 0, high = writer->binding_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (writer->bindings[middle].agent < agent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The seconds on every link that the agent was bound to then, by whatever WAN. */
static int touch_seconds(
	struct ledger_writer *writer, uint32_t agent, const struct span *seconds, struct err *err)
{
	int r = 0;

	for (size_t i = first_binding(writer, agent);
		r == 0 && i < writer->binding_count && writer->bindings[i].agent == agent; i++) {
		const struct registry_binding *binding = &writer->bindings[i];
		struct ledger_span span = {binding->link, seconds->from, seconds->to};
		if (span.from_s < binding->from_s)
			span.from_s = binding->from_s;
		if (span.to_s > binding->to_s)
			span.to_s = binding->to_s;
		if (span.from_s < span.to_s)
			r = touched_add(writer, &span, err);
	}
	return r;
}

static int touch_placed(struct ledger_writer *writer, uint32_t agent, int64_t boot,
	const struct span *mono_us, struct err *err)
{
	const struct boot_anchors *anchors;
	struct span seconds;
	int r = anchor_cache_get(writer->view->anchors, writer->db, boot, &anchors, err);

	if (r < 0 || !anchors->count)
		return r;
	seconds.from = place_s(anchors->items, anchors->count, (uint64_t)mono_us->from);
	seconds.to = place_s(anchors->items, anchors->count, (uint64_t)mono_us->to) + 1;
	return touch_seconds(writer, agent, &seconds, err);
}

int touch_mono(struct ledger_writer *writer, const struct taken *taken, uint64_t from_us,
	uint64_t to_us, struct err *err)
{
	return touch_placed(writer, taken->journal->agent, taken->boot,
		&(struct span){(int64_t)from_us, (int64_t)to_us}, err);
}

int touch_boot(struct ledger_writer *writer, const struct taken *taken, struct err *err)
{
	struct query q;
	int r = touch_mono(writer, taken, 0, 0, err), ended;

	db_query(&q, writer->db, "SELECT from_us, to_us FROM dropped WHERE agent = ? AND boot = ?");
	query_number(&q, taken->journal->agent);
	query_number(&q, taken->boot);
	while (r == 0 && query_next(&q) > 0) {
		struct span mono_us = {query_get_number(&q, 0), query_get_number(&q, 1)};
		r = touch_placed(writer, taken->journal->agent, taken->boot, &mono_us, err);
	}
	ended = query_end(&q, r < 0 ? NULL : err);
	return r < 0 ? r : ended;
}

/* The boot of the agent's next run, whose beginning ends the hole; 0: there is none. */
static int find_next(
	struct ledger_writer *writer, const struct taken *taken, int64_t *ret_boot, struct err *err)
{
	struct query q;

	*ret_boot = 0;
	db_query(&q, writer->db,
		"SELECT b.id FROM boot b WHERE b.agent = ? AND b.first_run > ?"
		" AND EXISTS (SELECT 1 FROM anchor a WHERE a.boot = b.id)"
		" ORDER BY b.first_run LIMIT 1");
	query_number(&q, taken->journal->agent);
	query_number(&q, taken->journal->key.run);
	if (query_next(&q) > 0)
		*ret_boot = query_get_number(&q, 0);
	return query_end(&q, err);
}

int touch_unplaced(struct ledger_writer *writer, const struct taken *taken, struct err *err)
{
	static const struct span beginning = {0, 0};
	const struct boot_anchors *anchors;
	int64_t next = 0;
	int r = anchor_cache_get(writer->view->anchors, writer->db, taken->boot, &anchors, err);

	if (r < 0 || anchors->count)
		return r;
	r = find_next(writer, taken, &next, err);
	if (r == 0 && next)
		return touch_placed(writer, taken->journal->agent, next, &beginning, err);
	/* the last that was heard: the end of the timeline says why */
	return r < 0
		? r
		: touch_seconds(writer, taken->journal->agent,
			  &(struct span){taken->journal->received_utc_us / 1000000, SPAN_FOREVER},
			  err);
}
