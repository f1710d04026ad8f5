/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry in memory, as the ledger needs it at every slot: links with their contracts and
 * exclusions, and what measures what. Read anew when the registry's sequence has moved.
 */
#ifndef PANTAU_LEDGERD_VIEW_H
#define PANTAU_LEDGERD_VIEW_H

#include "collector/store/registry.h"
#include "collector/store/registry_decision.h"

struct view_link {
	struct registry_link link;
	char name[REGISTRY_NAME_BYTES]; /* of the desa */
	struct registry_contract *contracts; /* by beginning */
	size_t contract_count;
	uint32_t contract_stamp; /* another one: the contracts are not what they were */
	struct exclusion *exclusions;
	size_t exclusion_count;
};

struct view;

/* Opens STATE/registry.db for reading. */
int view_open(const char *state, struct view **ret_view, struct err *err);
void view_close(struct view *view);
/* 1: read anew, 0: nothing has changed. After a failure the old content stands. */
int view_refresh(struct view *view, struct err *err);
int64_t view_sequence(const struct view *view);
/* Borrowed until the next refresh. NULL: there is no such link. */
const struct view_link *view_find(const struct view *view, int64_t link);
const struct view_link *view_links(const struct view *view, size_t *ret_count);
const struct registry_binding *view_bindings(const struct view *view, size_t *ret_count);
const struct registry_settlement *view_settlements(const struct view *view, size_t *ret_count);

#endif
