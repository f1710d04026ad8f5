/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/issue_many.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the links that an agent measures, by number */

struct measured {
	int64_t *links;
	size_t count;
	struct err *err;
};

static int add_number(int64_t **numbers, size_t *count, int64_t number)
{
	/* A power of two is full. */
	if ((*count & (*count - 1)) == 0) {
		size_t room = *count ? *count * 2 : 1;
		int64_t *grown = reallocarray(*numbers, room, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		*numbers = grown;
	}
	(*numbers)[(*count)++] = number;
	return 0;
}

static int on_binding(void *arg, const struct registry_binding *binding)
{
	struct measured *measured = arg;

	return binding->to_s == SPAN_FOREVER
		? add_number(&measured->links, &measured->count, binding->link)
		: 0;
}

static int compare_numbers(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static bool is_measured(const struct measured *measured, int64_t link)
{
	return measured->count &&
		bsearch(&link, measured->links, measured->count, sizeof(link), compare_numbers);
}

/* ---- the others */

struct search {
	const struct measured *measured;
	struct issue_many *many;
};

static int on_link(void *arg, const struct registry_link *link)
{
	struct search *search = arg;
	struct issue_many *many = search->many;
	struct registry_link *grown;

	if (is_measured(search->measured, link->id))
		return 0;
	if ((many->count & (many->count - 1)) == 0) {
		grown = reallocarray(
			many->links, many->count ? many->count * 2 : 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		many->links = grown;
	}
	many->links[many->count++] = *link;
	return 0;
}

static int find_links(struct registry *registry, struct issue_many *many, struct err *err)
{
	struct measured measured = {.err = err};
	struct search search = {&measured, many};
	int rc = registry_bindings(registry, 0, on_binding, &measured, err);

	if (!rc && measured.count)
		qsort(measured.links, measured.count, sizeof(*measured.links), compare_numbers);
	if (!rc)
		rc = registry_links(registry, NULL, on_link, &search, err);
	if (rc == -ENOMEM)
		err_set(err, rc, "out of memory");
	free(measured.links);
	return rc;
}

static int make_orders(struct issue_many *many, struct err *err)
{
	char *folder;

	many->orders = calloc(many->count, sizeof(*many->orders));
	many->agents = calloc(many->count, sizeof(*many->agents));
	if (!many->orders || !many->agents)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < many->count; i++) {
		many->orders[i] = *many->order;
		many->orders[i].folder = NULL;
		many->orders[i].link = many->links[i].id;
		if (asprintf(&folder, "%s/link-%" PRId64, many->order->folder, many->links[i].id) <
			0)
			return err_set(err, -ENOMEM, "out of memory");
		many->orders[i].folder = folder;
	}
	return 0;
}

int issue_every_link(struct registry *registry, const struct issue_order *order,
	struct issue_many *ret_many, struct err *err)
{
	struct issue_many many = {.order = order};
	int rc = find_links(registry, &many, err);

	if (!rc && many.count)
		rc = make_orders(&many, err);
	if (!rc && many.count)
		rc = issue_agents(registry, many.orders, many.count, many.agents, err);
	if (rc)
		issue_many_done(&many);
	else
		*ret_many = many;
	return rc;
}

void issue_many_done(struct issue_many *many)
{
	for (size_t i = 0; many->orders && i < many->count; i++)
		free((char *)many->orders[i].folder);
	free(many->orders);
	free(many->links);
	free(many->agents);
}
