/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/store/ledger_rebound.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int add(struct ledger_writer *writer, struct rebounds *rebounds,
	const struct registry_binding *of, const struct ledger_span *span, struct err *err)
{
	struct rebound *item;

	if (rebounds->count == rebounds->room) {
		size_t room = rebounds->room ? rebounds->room * 2 : 16;
		struct rebound *items = realloc(rebounds->items, room * sizeof(*items));
		if (!items)
			return err_errno(err, -ENOMEM, "bindings");
		rebounds->items = items;
		rebounds->room = room;
	}
	item = &rebounds->items[rebounds->count++];
	*item = (struct rebound){.agent = of->agent, .span = *span};
	strcpy(item->wan, of->wan);
	return writer->unread ? 0 : starts_load(writer, span, &item->starts, err);
}

/* The same binding, but for its end. */
static const struct registry_binding *partner(
	const struct registry_binding *of, const struct registry_binding *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].id == of->id && items[i].link == of->link &&
			items[i].from_s == of->from_s)
			return &items[i];
	}
	return NULL;
}

/* What is old and is now no more, or ends elsewhere. */
static int note_old(struct ledger_writer *writer, struct rebounds *rebounds,
	const struct wan_change *change, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < change->old_count; i++) {
		const struct registry_binding *item = &change->old[i];
		const struct registry_binding *other = partner(
			item, change->now, change->now_count);
		struct ledger_span span = {item->link, item->from_s, item->to_s};
		if (other && other->to_s == item->to_s)
			continue;
		if (other) {
			span.from_s = item->to_s < other->to_s ? item->to_s : other->to_s;
			span.to_s = item->to_s < other->to_s ? other->to_s : item->to_s;
		}
		r = add(writer, rebounds, item, &span, err);
	}
	return r;
}

int rebound_note(struct ledger_writer *writer, struct rebounds *rebounds,
	const struct wan_change *change, struct err *err)
{
	int r = note_old(writer, rebounds, change, err);

	for (size_t i = 0; r == 0 && i < change->now_count; i++) {
		const struct registry_binding *item = &change->now[i];
		if (!partner(item, change->old, change->old_count))
			r = add(writer, rebounds, item,
				&(struct ledger_span){item->link, item->from_s, item->to_s}, err);
	}
	return r;
}

void rebounds_done(struct rebounds *rebounds)
{
	for (size_t i = 0; i < rebounds->count; i++)
		free(rebounds->items[i].starts.items);
	free(rebounds->items);
}

/* ---- the new ones stand */

static int recount_boot(
	struct ledger_writer *writer, const struct rebound *rebound, int64_t boot, struct err *err)
{
	struct page_query query = {.boot = boot, .wan = rebound->wan, .stretch = {0, MONO_MAX_US}};
	struct bound bound = {.boot = boot, .agent = rebound->agent, .wan = rebound->wan};
	struct page_refs refs = {0};
	int r = anchor_cache_get(writer->view->anchors, writer->db, boot, &bound.anchors, err);

	if (r == 0 && bound.anchors->count)
		r = pages_load(writer->db, &query, &refs, err);
	for (size_t i = 0; r == 0 && i < refs.count; i++)
		r = bound_recount(writer, &bound, &refs.items[i], err);
	free(refs.items);
	return r;
}

static int recount_pages(
	struct ledger_writer *writer, const struct rebound *rebound, struct err *err)
{
	struct query q;
	int failed = 0, r;

	db_query(&q, writer->db, "SELECT id FROM boot WHERE agent = ? AND to_s IS NOT NULL");
	query_number(&q, rebound->agent);
	while (!failed && query_next(&q) > 0)
		failed = recount_boot(writer, rebound, query_get_number(&q, 0), err);
	r = query_end(&q, failed ? NULL : err);
	return failed ? failed : r;
}

static int apply(struct ledger_writer *writer, const struct rebound *rebound, struct err *err)
{
	int r = touched_add(writer, &rebound->span, err);

	if (r == 0)
		r = recount_pages(writer, rebound, err);
	if (r == 0)
		r = link_ever_recount(writer, rebound->span.link, err);
	if (r < 0 || writer->unread)
		return r;
	r = say_slots(writer, &rebound->span, err);
	if (r == 0)
		r = say_gone(writer, &rebound->span, &rebound->starts, err);
	return r < 0 ? r : said_forget(writer, &rebound->span, err);
}

int rebounds_apply(struct ledger_writer *writer, const struct rebounds *rebounds, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < rebounds->count; i++)
		r = apply(writer, &rebounds->items[i], err);
	return r;
}
