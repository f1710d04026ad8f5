/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/issue_many.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int make_orders(struct issue_many *many, struct err *err)
{
	char *folder;

	many->orders = calloc(many->of.count, sizeof(*many->orders));
	many->agents = calloc(many->of.count, sizeof(*many->agents));
	if (!many->orders || !many->agents)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < many->of.count; i++) {
		many->orders[i] = *many->order;
		many->orders[i].folder = NULL;
		many->orders[i].link = many->of.links[i].id;
		if (asprintf(&folder, "%s/link-%" PRId64, many->order->folder,
			    many->of.links[i].id) < 0)
			return err_set(err, -ENOMEM, "out of memory");
		many->orders[i].folder = folder;
	}
	return 0;
}

int issue_every_link(struct registry *registry, const struct issue_order *order,
	struct issue_many *ret_many, struct err *err)
{
	struct issue_many many = {.order = order};
	int rc = unmeasured_find(registry, &many.of, err);

	if (!rc && many.of.count)
		rc = make_orders(&many, err);
	if (!rc && many.of.count)
		rc = issue_agents(registry, many.orders, many.of.count, many.agents, err);
	if (rc)
		issue_many_done(&many);
	else
		*ret_many = many;
	return rc;
}

void issue_many_done(struct issue_many *many)
{
	for (size_t i = 0; many->orders && i < many->of.count; i++)
		free((char *)many->orders[i].folder);
	free(many->orders);
	unmeasured_done(&many->of);
	free(many->agents);
}
