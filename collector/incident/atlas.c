/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/incident/atlas.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct names { /* of one kind, in the order in which they were met */
	struct atlas_scopes scopes;
	uint32_t room;
};

struct atlas {
	struct atlas_link *links; /* by id */
	size_t count, room;
	struct names names[FALL_SCOPES], kabupaten;
};

struct reading {
	struct registry *registry;
	struct atlas *atlas;
	struct err *err;
};

/* ---- names */

/* The tables write regencies in capitals: "KABUPATEN KUTAI TIMUR" is "Kutai Timur" in a sentence, a
 * "KOTA SAMARINDA" stays a kota. Other names are left as they are. */
static void soften(const char *name, char *ret_name, size_t size)
{
	static const char regency[] = "KABUPATEN ";
	bool begins = true;

	if (strncmp(name, regency, strlen(regency)) == 0)
		name += strlen(regency);
	snprintf(ret_name, size, "%.*s", (int)size - 1, name);
	if (strpbrk(ret_name, "abcdefghijklmnopqrstuvwxyz"))
		return;
	for (char *c = ret_name; *c; c++) {
		if (!begins && *c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
		begins = *c == ' ' || *c == '-';
	}
}

static void free_names(struct names *names)
{
	for (uint32_t i = 0; i < names->scopes.count; i++) {
		free((char *)names->scopes.keys[i]);
		free((char *)names->scopes.names[i]);
	}
	free(names->scopes.keys);
	free(names->scopes.names);
	free(names->scopes.links);
}

static int make_room(struct names *names)
{
	uint32_t room = names->room ? 2 * names->room : 16;
	const char **keys = reallocarray(names->scopes.keys, room, sizeof(*keys));
	const char **texts;
	uint32_t *links;

	if (keys)
		names->scopes.keys = keys;
	texts = keys ? reallocarray(names->scopes.names, room, sizeof(*texts)) : NULL;
	if (texts)
		names->scopes.names = texts;
	links = texts ? reallocarray(names->scopes.links, room, sizeof(*links)) : NULL;
	if (!links)
		return -ENOMEM;
	names->scopes.links = links;
	names->room = room;
	return 0;
}

static int add_name(struct names *names, const char *key, const char *name)
{
	struct atlas_scopes *scopes = &names->scopes;
	char *own_key, *own_name;

	if (scopes->count == names->room && make_room(names) < 0)
		return -ENOMEM;
	own_key = strdup(key);
	own_name = strdup(*name ? name : key);
	if (!own_key || !own_name) {
		free(own_key);
		free(own_name);
		return -ENOMEM;
	}
	scopes->keys[scopes->count] = own_key;
	scopes->names[scopes->count] = own_name;
	scopes->links[scopes->count++] = 0;
	return 0;
}

/* Neighbours in the list are mostly neighbours on the ground: the last ones are looked at first. */
static int number_of(struct names *names, const char *key, const char *name, uint32_t *ret_number)
{
	struct atlas_scopes *scopes = &names->scopes;
	uint32_t i = scopes->count;
	int r;

	while (i > 0 && strcmp(scopes->keys[i - 1], key) != 0)
		i--;
	if (i == 0) {
		r = add_name(names, key, name);
		if (r < 0)
			return r;
		i = scopes->count;
	}
	scopes->links[i - 1]++;
	*ret_number = i - 1;
	return 0;
}

/* ---- reading */

static int number_link(
	struct reading *reading, struct atlas_link *ret_link, const struct registry_link *link)
{
	struct atlas *atlas = reading->atlas;
	struct region_place place = {0};
	char code[REGION_CODE_BYTES], kabupaten[REGISTRY_NAME_BYTES];
	int r = registry_place(reading->registry, link->desa, &place, reading->err);

	if (r < 0 && r != -ENOENT)
		return r;
	snprintf(ret_link->desa, sizeof(ret_link->desa), "%s",
		place.desa.name[0] ? place.desa.name : link->desa);
	r = number_of(
		&atlas->names[FALL_PROVIDER], link->provider, "", &ret_link->scopes[FALL_PROVIDER]);
	region_parent(link->desa, REGION_KECAMATAN, code);
	if (r == 0)
		r = number_of(&atlas->names[FALL_KECAMATAN], code, place.kecamatan.name,
			&ret_link->scopes[FALL_KECAMATAN]);
	if (r == 0)
		r = number_of(&atlas->names[FALL_ALL], "", "", &ret_link->scopes[FALL_ALL]);
	region_parent(link->desa, REGION_KABUPATEN, code);
	soften(place.kabupaten.name, kabupaten, sizeof(kabupaten));
	if (r == 0)
		r = number_of(&atlas->kabupaten, code, kabupaten, &ret_link->kabupaten);
	return r < 0 ? err_errno(reading->err, r, "names of links") : 0;
}

static int add_link(void *arg, const struct registry_link *link)
{
	struct reading *reading = arg;
	struct atlas *atlas = reading->atlas;
	struct atlas_link *entry;
	int r;

	if (atlas->count == atlas->room) {
		size_t room = atlas->room ? 2 * atlas->room : 256;

		entry = reallocarray(atlas->links, room, sizeof(*entry));
		if (!entry)
			return err_errno(reading->err, -ENOMEM, "names of links");
		atlas->links = entry;
		atlas->room = room;
	}
	entry = &atlas->links[atlas->count];
	memset(entry, 0, sizeof(*entry));
	entry->id = link->id;
	entry->kind = link->kind;
	entry->offset_s = link->offset_s;
	memcpy(entry->zone, link->zone, sizeof(entry->zone));
	memcpy(entry->code, link->desa, sizeof(entry->code));
	r = number_link(reading, entry, link);
	if (r == 0)
		atlas->count++;
	return r;
}

int atlas_read(struct registry *registry, struct atlas **ret_atlas, struct err *err)
{
	const struct registry_filter all = {0};
	struct atlas *atlas = calloc(1, sizeof(*atlas));
	struct reading reading = {registry, atlas, err};
	int r;

	if (!atlas)
		return err_errno(err, -ENOMEM, "names of links");
	r = registry_links(registry, &all, add_link, &reading, err);
	if (r < 0) {
		atlas_free(atlas);
		return r;
	}
	*ret_atlas = atlas;
	return 0;
}

void atlas_free(struct atlas *atlas)
{
	if (!atlas)
		return;
	for (size_t i = 0; i < FALL_SCOPES; i++)
		free_names(&atlas->names[i]);
	free_names(&atlas->kabupaten);
	free(atlas->links);
	free(atlas);
}

/* ---- looking up */

size_t atlas_count(const struct atlas *atlas)
{
	return atlas->count;
}

const struct atlas_link *atlas_at(const struct atlas *atlas, size_t i)
{
	return i < atlas->count ? &atlas->links[i] : NULL;
}

static int compare_id(const void *key, const void *entry)
{
	int64_t id = *(const int64_t *)key, other = ((const struct atlas_link *)entry)->id;

	return id < other ? -1 : id > other;
}

const struct atlas_link *atlas_find(const struct atlas *atlas, int64_t link)
{
	if (!atlas->count)
		return NULL;
	return bsearch(&link, atlas->links, atlas->count, sizeof(*atlas->links), compare_id);
}

const struct atlas_scopes *atlas_scopes(const struct atlas *atlas, enum fall_scope scope)
{
	return &atlas->names[scope].scopes;
}

const char *atlas_kabupaten(const struct atlas *atlas, const struct atlas_link *link)
{
	return atlas->kabupaten.scopes.names[link->kabupaten];
}

const char *atlas_kecamatan(const struct atlas *atlas, const struct atlas_link *link)
{
	return atlas->names[FALL_KECAMATAN].scopes.names[link->scopes[FALL_KECAMATAN]];
}

const char *atlas_provider(const struct atlas *atlas, const struct atlas_link *link)
{
	return atlas->names[FALL_PROVIDER].scopes.keys[link->scopes[FALL_PROVIDER]];
}

const char *atlas_name(const struct atlas *atlas, enum fall_scope scope, const char *key)
{
	const struct atlas_scopes *scopes = &atlas->names[scope].scopes;

	for (uint32_t i = 0; i < scopes->count; i++)
		if (strcmp(scopes->keys[i], key) == 0)
			return scopes->names[i];
	return key;
}
