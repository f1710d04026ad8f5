/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rows of the registry go along with a set of links: the links with all that names them, the
 * regions and exclusions that reach them, the agents that ever measured one of them. Where such an
 * agent measured other links too, these go along bare (link and binding, no contract), so that its
 * records have a place in the other instance.
 */
#ifndef PANTAU_ARCHIVE_SELECTION_H
#define PANTAU_ARCHIVE_SELECTION_H

#include "collector/store/registry_tables.h"

struct selection;

/* -ENOENT: no link is meant. -EINVAL: as registry_links(). */
int selection_new(struct registry *registry, const struct registry_filter *filter,
	struct selection **ret_selection, struct err *err);
void selection_free(struct selection *selection);

/* 1: the row goes along, 0: it does not. Rows come in the order of registry_rows(): one goes when
 * every column of it that is named like an earlier table holds the number of a row that went. */
int selection_wants(struct selection *selection, const struct table_row *row);

size_t selection_links(const struct selection *selection);
/* By id; borrowed. */
const int64_t *selection_agents(const struct selection *selection, size_t *ret_count);

#endif
