/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.db: what people decide. Regions, links, contracts, exclusions, agents and what they
 * measure. Written by the command line and the web in short transactions; each change is a row of
 * the table `change` (who, when, before, after), written in the same transaction: the audit log,
 * which the ledger follows by its sequence. Checks live here, so that both writers have the same;
 * their words name the field and the value.
 *
 * Not here: anything measured (ledger_db.h).
 */
#ifndef PANTAU_STORE_REGISTRY_H
#define PANTAU_STORE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ledger/exclusion.h"
#include "collector/ledger/span.h"
#include "collector/ledger/terms.h"
#include "common/err.h"
#include "proto/limits.h"

#define REGION_CODE_BYTES 16 /* "64.08.05.2001" and its 0 */
#define REGISTRY_NAME_BYTES 96 /* names of regions, providers, people */
#define REGISTRY_NOTE_BYTES 512 /* an officer's sentence or two */
#define REGISTRY_HEX_BYTES 65 /* SHA-256 in hexadecimal and its 0 */

struct registry;

enum registry_mode {
	REGISTRY_READ, /* never writes; -ENOENT when there is none yet */
	REGISTRY_WRITE, /* the same, and may change it */
	REGISTRY_CREATE, /* makes folder and tables where they are missing */
};

/* Opens STATE/registry.db. `who` signs the changes (copied; may be NULL in REGISTRY_READ). */
int registry_open(const char *state, enum registry_mode mode, const char *who,
	struct registry **ret_registry, struct err *err);
void registry_close(struct registry *registry);
/* Reads all of STATE/registry.db. -EBADMSG with what is wrong; -ENOENT. */
int registry_check(const char *state, struct err *err);
/* From now on changes are signed by this person. Copies. */
void registry_act_as(struct registry *registry, const char *who);
/* Replaces the clock that dates changes (tests); NULL: the machine's. Seconds, UTC. */
void registry_set_clock(struct registry *registry, int64_t (*now_s)(void *arg), void *arg);

/* What a person says with a decision. Borrowed. */
struct registry_word {
	const char *by;
	const char *note; /* NULL: nothing, where that is allowed */
};

/* Every list calls `each` for a row, which is borrowed for the call. A return other than 0 stops
 * the list and is returned. A list is read as one moment. */

/* ---- regions */

enum region_level { REGION_PROVINSI = 1, REGION_KABUPATEN, REGION_KECAMATAN, REGION_DESA };

struct region {
	char code[REGION_CODE_BYTES];
	enum region_level level; /* follows from the dots of the code */
	char name[REGISTRY_NAME_BYTES];
};

struct region_place { /* a desa and what it lies in; names are "" where they are unknown */
	struct region desa, kecamatan, kabupaten, provinsi;
};

/* The level of a Kemendagri code, by its dots. -EINVAL with words: undotted codes (BPS) too. */
int region_level(const char *code, enum region_level *ret_level, struct err *err);
/* The part of a code that names the level: "64.08.05.2001", REGION_KABUPATEN -> "64.08". "" when
 * the code is of a higher level. */
void region_parent(const char *code, enum region_level level, char ret_code[REGION_CODE_BYTES]);

/* Adds or renames, in one transaction: all or none. `level` of the items is not read. */
int registry_regions_import(
	struct registry *registry, const struct region *regions, size_t count, struct err *err);
int registry_region_get(struct registry *registry, const char *code, struct region *ret_region,
	struct err *err); /* -ENOENT */
/* All that lie in a provinsi, itself too, by code. */
int registry_regions(struct registry *registry, const char *provinsi,
	int (*each)(void *arg, const struct region *region), void *arg, struct err *err);
int registry_region_count(struct registry *registry, int64_t *ret_count, struct err *err);
int registry_place(struct registry *registry, const char *desa, struct region_place *ret_place,
	struct err *err); /* -ENOENT */

/* ---- links */

enum link_kind { LINK_FIBRE, LINK_4G, LINK_VSAT, LINK_STARLINK, LINK_WIRELESS, LINK_KIND_COUNT };
const char *link_kind_name(enum link_kind kind); /* "fibre", "4g", ... */
int link_kind_parse(const char *name); /* -1 for a word that is none */

struct registry_link {
	int64_t id; /* given by add */
	char desa[REGION_CODE_BYTES];
	char provider[REGISTRY_NAME_BYTES];
	enum link_kind kind;
	bool has_position;
	double lat, lon;
	char zone[8]; /* "WIB", "WITA", "WIT"; "" in add: WITA */
	int32_t offset_s; /* of the zone, east of UTC; not read by add */
	int64_t created_s; /* not read by add */
};

/* -ENOENT: the desa is not in the regions. -EINVAL. */
int registry_link_add(struct registry *registry, const struct registry_link *link, int64_t *ret_id,
	struct err *err);
/* All or none; the error names the item by its number from 1. */
int registry_links_import(struct registry *registry, const struct registry_link *links,
	size_t count, struct err *err);
int registry_link_get(struct registry *registry, int64_t id, struct registry_link *ret_link,
	struct err *err); /* -ENOENT */

struct registry_filter { /* NULL and 0: any */
	const char *desa, *kecamatan, *kabupaten, *provider;
	int64_t link;
};
/* By id. -EINVAL for a code of the wrong level. */
int registry_links(struct registry *registry, const struct registry_filter *filter,
	int (*each)(void *arg, const struct registry_link *link), void *arg, struct err *err);

struct registry_home { /* where most links are */
	char province[REGISTRY_NAME_BYTES]; /* "": unknown */
	char zone[8]; /* "WITA" while there is none */
};
int registry_home(struct registry *registry, struct registry_home *ret_home, struct err *err);

/* ---- contracts */

struct registry_contract {
	int64_t id, link;
	int64_t from_s, to_s; /* to_s SPAN_FOREVER: open */
	uint32_t kbps_down, kbps_up;
	struct terms terms;
};

/* -EEXIST: it overlaps another contract of the link (both are named). -EINVAL, -ENOENT. */
int registry_contract_add(struct registry *registry, const struct registry_contract *contract,
	int64_t *ret_id, struct err *err);
/* All or none; the error names the item by its number from 1. */
int registry_contracts_import(struct registry *registry, const struct registry_contract *contracts,
	size_t count, struct err *err);
/* Ends it at to_s, which must lie after its beginning and not after its present end. */
int registry_contract_end(struct registry *registry, int64_t id, int64_t to_s, struct err *err);
/* Of one link (0: of all), by link and beginning. */
int registry_contracts(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_contract *contract), void *arg,
	struct err *err);

/* ---- exclusions */

enum exclusion_scope {
	SCOPE_LINK,
	SCOPE_DESA,
	SCOPE_PROVIDER,
	SCOPE_KECAMATAN,
	SCOPE_KABUPATEN,
	SCOPE_COUNT
};
const char *exclusion_scope_name(enum exclusion_scope scope); /* "link", "desa", ... */

struct registry_exclusion {
	int64_t id;
	enum exclusion_scope scope;
	char value[REGISTRY_NAME_BYTES]; /* link id, dotted code or provider */
	enum exclusion_reason reason;
	int64_t from_s, to_s;
	int64_t entered_s; /* by the collector's clock; not read by add */
	char by[REGISTRY_NAME_BYTES], note[REGISTRY_NOTE_BYTES];
	char second[REGISTRY_NAME_BYTES]; /* "" none */
	char document[REGISTRY_HEX_BYTES]; /* SHA-256; "" none */
	int64_t revoked_s; /* 0: in force; not read by add */
	char revoked_by[REGISTRY_NAME_BYTES], revoke_note[REGISTRY_NOTE_BYTES];
};

/* Whether it reaches the link, by its scope; revoked ones too. */
bool registry_exclusion_reaches(
	const struct registry_exclusion *exclusion, const struct registry_link *link);
/* As the month is computed with it. */
struct exclusion registry_exclusion_rule(const struct registry_exclusion *exclusion);

/* -ENOENT: what it names is not there. -EINVAL: `by` or `note` missing. -ERANGE: its times.
 * -EPERM: `second` is `by`. */
int registry_exclusion_add(struct registry *registry, const struct registry_exclusion *exclusion,
	int64_t *ret_id, struct err *err);
/* All or none; the error names the item by its number from 1. */
int registry_exclusions_import(struct registry *registry,
	const struct registry_exclusion *exclusions, size_t count, struct err *err);

struct registry_second { /* borrowed */
	const char *name; /* another person than the one who entered it */
	const char *document; /* SHA-256 */
};
/* A second officer and a document for one of force majeure or of the customer's. -ENOENT, -EALREADY
 * when it has them or was revoked, -EPERM when it is the same person, -EINVAL when its reason needs
 * none. */
int registry_exclusion_confirm(struct registry *registry, int64_t id,
	const struct registry_second *second, struct err *err);
/* -EALREADY when it was revoked before. The note may be NULL. */
int registry_exclusion_revoke(
	struct registry *registry, int64_t id, const struct registry_word *word, struct err *err);
/* By id, revoked ones too. link 0: all; otherwise those that reach the link. */
int registry_exclusions(struct registry *registry, int64_t link,
	int (*each)(void *arg, const struct registry_exclusion *exclusion), void *arg,
	struct err *err);

/* ---- agents and what they measure */

struct registry_agent {
	uint32_t id;
	char name[REGISTRY_NAME_BYTES];
	char fingerprint[REGISTRY_HEX_BYTES]; /* SHA-256 of the certificate in DER */
	char serial[REGISTRY_HEX_BYTES]; /* of the certificate, hexadecimal */
	int64_t issued_s;
	int64_t revoked_s; /* 0: valid */
};

struct registry_binding { /* this WAN of this agent measured that link, then */
	int64_t id;
	uint32_t agent;
	char wan[WAN_NAME_MAX + 1];
	int64_t link;
	int64_t from_s, to_s; /* to_s SPAN_FOREVER: until further notice */
	int64_t accepted_s; /* when it was entered; not read by bind */
};

struct registry_certificate {
	char fingerprint[REGISTRY_HEX_BYTES], serial[REGISTRY_HEX_BYTES];
};

struct registry_issue {
	int64_t link;
	const char *name; /* NULL: "agent-ID" */
	const char *wan; /* NULL: "wan" */
	int64_t from_s; /* the slots count from here */
	/* Makes the certificate for this agent id; called once, inside the transaction, so that
	 * there is never an agent without a certificate. 0 or a negative errno with words. */
	int (*sign)(void *arg, uint32_t agent, struct registry_certificate *ret_certificate,
		struct err *err);
	void *arg;
};

/* A new agent and its first binding; then roster.json. */
int registry_agent_issue(struct registry *registry, const struct registry_issue *issue,
	uint32_t *ret_agent, struct err *err);
/* Many at once, all or none; ret_agents has room for as many ids. With more than one the error
 * names the item by its number from 1. */
int registry_agents_issue(struct registry *registry, const struct registry_issue *issues,
	size_t count, uint32_t *ret_agents, struct err *err);
/* Its sessions end and no new ones begin; what it sent stays. -EALREADY. */
int registry_agent_revoke(struct registry *registry, uint32_t id, struct err *err);
int registry_agents(struct registry *registry,
	int (*each)(void *arg, const struct registry_agent *agent), void *arg, struct err *err);

/* From from_s on this WAN measures that link. An open binding of the same WAN that began before is
 * ended there; any other overlap is -EEXIST with both named: of the same agent and WAN, or of the
 * same agent and link by another WAN. Two agents may measure one link at once: the newer wins. */
int registry_agent_bind(struct registry *registry, const struct registry_binding *binding,
	int64_t *ret_id, struct err *err);
/* By agent, WAN and beginning. agent 0: all. */
int registry_bindings(struct registry *registry, uint32_t agent,
	int (*each)(void *arg, const struct registry_binding *binding), void *arg, struct err *err);

/* ---- the audit log */

struct registry_change { /* pointers are borrowed for the call */
	int64_t sequence, at_s;
	const char *who, *table, *row;
	const char *before, *after; /* JSON; NULL: there was none, there is none any more */
};
int registry_changes(struct registry *registry, int64_t after_sequence,
	int (*each)(void *arg, const struct registry_change *change), void *arg, struct err *err);
int registry_sequence(struct registry *registry, int64_t *ret_sequence, struct err *err);

#endif
