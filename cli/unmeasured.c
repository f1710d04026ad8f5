/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/unmeasured.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* ---- the links that an agent measures, by number */

struct measured {
	int64_t *links;
	size_t count;
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
	struct unmeasured *unmeasured;
};

static int on_link(void *arg, const struct registry_link *link)
{
	struct search *search = arg;
	struct unmeasured *unmeasured = search->unmeasured;
	struct registry_link *grown;

	if (is_measured(search->measured, link->id))
		return 0;
	if ((unmeasured->count & (unmeasured->count - 1)) == 0) {
		grown = reallocarray(unmeasured->links,
			unmeasured->count ? unmeasured->count * 2 : 1, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		unmeasured->links = grown;
	}
	unmeasured->links[unmeasured->count++] = *link;
	return 0;
}

int unmeasured_find(struct registry *registry, struct unmeasured *ret_unmeasured, struct err *err)
{
	struct unmeasured unmeasured = {0};
	struct measured measured = {0};
	struct search search = {&measured, &unmeasured};
	int rc = registry_bindings(registry, 0, on_binding, &measured, err);

	if (!rc && measured.count)
		qsort(measured.links, measured.count, sizeof(*measured.links), compare_numbers);
	if (!rc)
		rc = registry_links(registry, NULL, on_link, &search, err);
	if (rc == -ENOMEM)
		err_set(err, rc, "out of memory");
	free(measured.links);
	if (rc)
		unmeasured_done(&unmeasured);
	else
		*ret_unmeasured = unmeasured;
	return rc;
}

void unmeasured_done(struct unmeasured *unmeasured)
{
	free(unmeasured->links);
	*unmeasured = (struct unmeasured){0};
}
