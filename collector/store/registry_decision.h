/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people decided that is no exclusion: that an item of the inbox needs nothing, and which
 * content of a doubted slot counts. Kept for ever, revocable, logged like every change.
 */
#ifndef PANTAU_STORE_REGISTRY_DECISION_H
#define PANTAU_STORE_REGISTRY_DECISION_H

#include "collector/store/registry.h"
#include "proto/limits.h"

#define REGISTRY_ITEM_BYTES 64 /* "undetermined-1038-1100-2026-01" and longer ones */

/* ---- dismissals: seen, and nothing to be done */

struct registry_dismissal {
	int64_t id;
	char item[REGISTRY_ITEM_BYTES]; /* of the inbox */
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES];
	int64_t entered_s;
	int64_t revoked_s; /* 0: in force */
	char revoked_by[REGISTRY_NAME_BYTES], revoke_note[REGISTRY_NOTE_BYTES];
};

/* -EEXIST: the item is dismissed already. -EINVAL. */
int registry_dismissal_add(struct registry *registry, const char *item,
	const struct registry_word *word, int64_t *ret_id, struct err *err);
/* All or none; the words name the item. */
int registry_dismissals_add(struct registry *registry, const char *const *items, size_t count,
	const struct registry_word *word, struct err *err);
int registry_dismissal_revoke(struct registry *registry, int64_t id,
	const struct registry_word *word, struct err *err); /* -ENOENT, -EALREADY */
/* By id, revoked ones too. */
int registry_dismissals(struct registry *registry,
	int (*each)(void *arg, const struct registry_dismissal *dismissal), void *arg,
	struct err *err);

/* ---- settlements: which device's contents of an agent's disputed slots count. A device is known
 * by its boot id, which the kernel draws anew at each boot. */

#define REGISTRY_ACCEPT_BYTES (2 * BOOT_BYTES + 1)
#define REGISTRY_ACCEPT_NONE "none"

struct registry_settlement {
	int64_t id;
	uint32_t agent;
	int64_t from_s, to_s;
	/* The boot whose contents count, in hexadecimal; or "none": the slots stay unknown. */
	char accept[REGISTRY_ACCEPT_BYTES];
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES];
	int64_t entered_s; /* not read by add */
	int64_t revoked_s; /* 0: in force; not read by add */
	char revoked_by[REGISTRY_NAME_BYTES], revoke_note[REGISTRY_NOTE_BYTES];
};

/* Whether a boot's contents count, and which. */
bool registry_settlement_boot(
	const struct registry_settlement *settlement, uint8_t ret_boot[BOOT_BYTES]);
/* -EEXIST: another one in force covers some of the time (both are named). -EINVAL, -ENOENT. */
int registry_settlement_add(struct registry *registry, const struct registry_settlement *settlement,
	int64_t *ret_id, struct err *err);
int registry_settlement_revoke(struct registry *registry, int64_t id,
	const struct registry_word *word, struct err *err); /* -ENOENT, -EALREADY */
/* By id, revoked ones too. agent 0: all. */
int registry_settlements(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_settlement *settlement), void *arg,
	struct err *err);

#endif
