/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ledgerd/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/crc32c.h"

struct content {
	int64_t sequence;
	struct view_link *links; /* by id */
	size_t link_count, link_room;
	struct registry_binding *bindings;
	size_t binding_count, binding_room;
	struct registry_settlement *settlements;
	size_t settlement_count, settlement_room;
};

struct view {
	struct registry *registry;
	struct content content;
};

/* Room for one more item, zeroed; NULL: out of memory. */
static void *add(void **items, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t wanted = *room ? *room * 2 : 4;
		void *grown = realloc(*items, wanted * size);
		if (!grown)
			return NULL;
		*items = grown;
		*room = wanted;
	}
	return memset((char *)*items + size * (*count)++, 0, size);
}

static void content_done(struct content *content)
{
	for (size_t i = 0; i < content->link_count; i++) {
		free(content->links[i].contracts);
		free(content->links[i].exclusions);
	}
	free(content->links);
	free(content->bindings);
	free(content->settlements);
	*content = (struct content){0};
}

static struct view_link *find(const struct content *content, int64_t link)
{
	size_t low = 0, high = content->link_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (content->links[middle].link.id < link)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == content->link_count || content->links[low].link.id != link)
		return NULL;
	return &content->links[low];
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct content *content = arg;
	struct view_link *item = add(
		(void **)&content->links, &content->link_count, &content->link_room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	item->link = *link;
	return 0;
}

static int add_binding(void *arg, const struct registry_binding *binding)
{
	struct content *content = arg;
	struct registry_binding *item = add((void **)&content->bindings, &content->binding_count,
		&content->binding_room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *binding;
	return 0;
}

static int add_settlement(void *arg, const struct registry_settlement *settlement)
{
	struct content *content = arg;
	struct registry_settlement *item = add((void **)&content->settlements,
		&content->settlement_count, &content->settlement_room, sizeof(*item));

	if (!item)
		return -ENOMEM;
	*item = *settlement;
	return 0;
}

/* Few a link: grown one by one. */
static int add_contract(void *arg, const struct registry_contract *contract)
{
	struct view_link *link = find(arg, contract->link);
	struct registry_contract *items;

	if (!link)
		return 0;
	items = realloc(link->contracts, (link->contract_count + 1) * sizeof(*items));
	if (!items)
		return -ENOMEM;
	/* terms never change; a contract can only be added or ended */
	const int64_t changeable[] = {contract->id, contract->from_s, contract->to_s};
	link->contract_stamp = crc32c(link->contract_stamp, changeable, sizeof(changeable));
	items[link->contract_count++] = *contract;
	link->contracts = items;
	return 0;
}

static int append_exclusion(struct view_link *link, const struct registry_exclusion *entry)
{
	struct exclusion *items = realloc(
		link->exclusions, (link->exclusion_count + 1) * sizeof(*items));

	if (!items)
		return -ENOMEM;
	items[link->exclusion_count++] = registry_exclusion_rule(entry);
	link->exclusions = items;
	return 0;
}

static int add_exclusion(void *arg, const struct registry_exclusion *entry)
{
	struct content *content = arg;
	int failed = 0;

	if (entry->revoked_s)
		return 0;
	for (size_t i = 0; !failed && i < content->link_count; i++) {
		if (registry_exclusion_reaches(entry, &content->links[i].link))
			failed = append_exclusion(&content->links[i], entry);
	}
	return failed;
}

static int name_links(struct registry *registry, struct content *content, struct err *err)
{
	struct region region;
	int r = 0;

	for (size_t i = 0; r == 0 && i < content->link_count; i++) {
		struct view_link *link = &content->links[i];
		r = registry_region_get(registry, link->link.desa, &region, err);
		if (r == 0)
			memcpy(link->name, region.name, sizeof(link->name));
	}
	return r;
}

static int load(struct registry *registry, struct content *content, struct err *err)
{
	/* the sequence first: what changes while we read is read again next time */
	int r = registry_sequence(registry, &content->sequence, err);

	if (r == 0)
		r = registry_links(registry, NULL, add_link, content, err);
	if (r == 0)
		r = name_links(registry, content, err);
	if (r == 0)
		r = registry_contracts(registry, 0, add_contract, content, err);
	if (r == 0)
		r = registry_exclusions(registry, 0, add_exclusion, content, err);
	if (r == 0)
		r = registry_bindings(registry, 0, add_binding, content, err);
	if (r == 0)
		r = registry_settlements(registry, 0, add_settlement, content, err);
	if (r == -ENOMEM)
		err_errno(err, r, "registry in memory");
	return r;
}

int view_open(const char *state, struct view **ret_view, struct err *err)
{
	struct view *view = calloc(1, sizeof(*view));
	int r;

	if (!view)
		return err_errno(err, -ENOMEM, "registry in memory");
	r = registry_open(state, REGISTRY_READ, NULL, &view->registry, err);
	if (r == 0)
		r = load(view->registry, &view->content, err);
	if (r < 0) {
		view_close(view);
		return r;
	}
	*ret_view = view;
	return 0;
}

void view_close(struct view *view)
{
	if (!view)
		return;
	content_done(&view->content);
	registry_close(view->registry);
	free(view);
}

int view_refresh(struct view *view, struct err *err)
{
	struct content fresh = {0};
	int64_t sequence;
	int r = registry_sequence(view->registry, &sequence, err);

	if (r < 0 || sequence == view->content.sequence)
		return r;
	r = load(view->registry, &fresh, err);
	if (r < 0) {
		content_done(&fresh);
		return r;
	}
	content_done(&view->content);
	view->content = fresh;
	return 1;
}

int64_t view_sequence(const struct view *view)
{
	return view->content.sequence;
}

const struct view_link *view_find(const struct view *view, int64_t link)
{
	return find(&view->content, link);
}

const struct view_link *view_links(const struct view *view, size_t *ret_count)
{
	*ret_count = view->content.link_count;
	return view->content.links;
}

const struct registry_binding *view_bindings(const struct view *view, size_t *ret_count)
{
	*ret_count = view->content.binding_count;
	return view->content.bindings;
}

const struct registry_settlement *view_settlements(const struct view *view, size_t *ret_count)
{
	*ret_count = view->content.settlement_count;
	return view->content.settlements;
}
