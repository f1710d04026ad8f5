/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry as incidents need it: each link with the names of where it is and whose it is, and
 * the scopes of incidents by number.
 */
#ifndef PANTAU_INCIDENT_ATLAS_H
#define PANTAU_INCIDENT_ATLAS_H

#include "collector/incident/falls.h"
#include "collector/store/registry.h"

struct atlas_link {
	int64_t id;
	uint32_t scopes[FALL_SCOPES];
	enum link_kind kind;
	int32_t offset_s; /* of its zone */
	char zone[8];
	char code[REGION_CODE_BYTES]; /* of its desa */
	char desa[REGISTRY_NAME_BYTES]; /* the name; the code where it has none */
	uint32_t kabupaten; /* place in the atlas's names of kabupaten */
};

struct atlas_scopes { /* of one kind, numbered from 0 */
	uint32_t count;
	const char **keys; /* the provider's name, the kecamatan's code, "" */
	const char **names; /* as people call it */
	uint32_t *links; /* how many */
};

struct atlas;

/* Reads everything. -ENOENT: there is no registry yet. */
int atlas_read(struct registry *registry, struct atlas **ret_atlas, struct err *err);
void atlas_free(struct atlas *atlas); /* NULL is accepted */

size_t atlas_count(const struct atlas *atlas);
/* The i-th link, by id; NULL beyond. */
const struct atlas_link *atlas_at(const struct atlas *atlas, size_t i);
const struct atlas_link *atlas_find(const struct atlas *atlas, int64_t link); /* NULL: unknown */
const struct atlas_scopes *atlas_scopes(const struct atlas *atlas, enum fall_scope scope);
const char *atlas_kabupaten(const struct atlas *atlas, const struct atlas_link *link);
const char *atlas_kecamatan(const struct atlas *atlas, const struct atlas_link *link);
const char *atlas_provider(const struct atlas *atlas, const struct atlas_link *link);
/* As people call a scope's place of this key; the key where it is unknown. */
const char *atlas_name(const struct atlas *atlas, enum fall_scope scope, const char *key);

#endif
