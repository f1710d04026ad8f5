/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programme asks of its agents from afar (proto/afar.h): a value for a key, for all
 * agents, those of a provider's links, those of one link, or one agent. The narrower word wins, key
 * by key. Nothing is forgotten: a value that is replaced or taken back is ended, and stays.
 */
#ifndef PANTAU_STORE_REGISTRY_CONFIGURATION_H
#define PANTAU_STORE_REGISTRY_CONFIGURATION_H

#include "collector/store/registry.h"
#include "common/buf.h"
#include "proto/afar.h"

enum configuration_scope { /* from wide to narrow */
	CONFIGURE_ALL,
	CONFIGURE_PROVIDER,
	CONFIGURE_LINK,
	CONFIGURE_AGENT,
	CONFIGURE_COUNT
};
const char *configuration_scope_name(enum configuration_scope scope); /* "all", "provider", ... */

struct registry_setting {
	int64_t id;
	enum configuration_scope scope;
	char subject[REGISTRY_NAME_BYTES]; /* provider, link id or agent id; "" for all */
	char key[AFAR_NAME_BYTES]; /* "section.key" */
	char value[AFAR_VALUE_MAX + 1];
	int64_t entered_s;
	char by[REGISTRY_NAME_BYTES];
	int64_t ended_s; /* 0: in force */
	char ended_by[REGISTRY_NAME_BYTES];
};

struct registry_wish { /* borrowed */
	const char *key;
	const char *value; /* NULL: takes back what was set */
};

/* All or none. -EINVAL: an unknown key or a forbidden value; more than an agent takes. -ENOENT:
 * there is no such provider, link or agent; nothing to take back. */
int registry_configure(struct registry *registry, const struct registry_setting *of,
	const struct registry_wish *wishes, size_t count, struct err *err);
/* By scope, subject, key and entry. */
int registry_settings(struct registry *registry, bool ended_too,
	int (*each)(void *arg, const struct registry_setting *setting), void *arg, struct err *err);

/* ---- what follows for each agent, for the roster and for lists */

struct configuration_book; /* all settings and bindings as of one moment */

int configuration_book_load(
	struct registry *registry, struct configuration_book **ret_book, struct err *err);
void configuration_book_free(struct configuration_book *book);

/* What the agent is asked for: lines as in agent.conf, without a 0; *ret_version is the place in
 * the log of changes of the newest word that concerns it: 0, and no text, where none ever did. */
int configuration_book_text(const struct configuration_book *book, uint32_t agent,
	uint32_t *ret_version, struct buf *out);
/* The provider over whose link the agent's WAN number `index` goes, by its newest binding. false:
 * no more. Borrowed. */
bool configuration_book_wan(const struct configuration_book *book, uint32_t agent, size_t index,
	const char **ret_wan, const char **ret_provider);

#endif
