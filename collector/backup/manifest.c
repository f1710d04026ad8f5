/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/manifest_private.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct manifest *manifest_new(void)
{
	return calloc(1, sizeof(struct manifest));
}

void manifest_free(struct manifest *manifest)
{
	if (!manifest)
		return;
	for (size_t i = 0; i < manifest->count; i++)
		free(manifest->parts[i].name);
	free(manifest->parts);
	free(manifest);
}

int manifest_add(struct manifest *manifest, const char *name, uint64_t bytes,
	const uint8_t digest[SHA256_BYTES])
{
	struct part *part;

	if (manifest->count == manifest->room) {
		size_t room = manifest->room ? 2 * manifest->room : 64;
		void *grown = realloc(manifest->parts, room * sizeof(*part));

		if (!grown)
			return -ENOMEM;
		manifest->parts = grown;
		manifest->room = room;
	}
	part = &manifest->parts[manifest->count];
	part->name = strdup(name);
	if (!part->name)
		return -ENOMEM;
	part->bytes = bytes;
	hex_format(digest, SHA256_BYTES, part->sha256);
	manifest->bytes += bytes;
	manifest->count++;
	return 0;
}

size_t manifest_count(const struct manifest *manifest)
{
	return manifest->count;
}

uint64_t manifest_bytes(const struct manifest *manifest)
{
	return manifest->bytes;
}

static int compare_part(const struct part *part, const json_t *said, struct err *err)
{
	const char *name = json_string_value(json_object_get(said, "name"));
	const char *sha256 = json_string_value(json_object_get(said, "sha256"));
	json_int_t bytes = json_integer_value(json_object_get(said, "bytes"));

	if (!name || strcmp(name, part->name) != 0)
		return err_set(err, -EBADMSG, "%s: the manifest has %.80s in its place", part->name,
			name ? name : "nothing");
	if (bytes < 0 || (uint64_t)bytes != part->bytes || !sha256 ||
		strcmp(sha256, part->sha256) != 0)
		return err_set(err, -EBADMSG, "%s: not what the manifest says (%" PRIu64 " bytes)",
			part->name, part->bytes);
	return 0;
}

int manifest_compare(
	const struct manifest *manifest, const char *text, size_t length, struct err *err)
{
	json_t *root = json_loadb(text, length, 0, NULL);
	const json_t *parts = json_object_get(root, "parts");
	int r = 0;

	if (!root || json_integer_value(json_object_get(root, "format")) != MANIFEST_FORMAT)
		r = err_set(err, -EBADMSG, MANIFEST_NAME ": not a manifest of format %d",
			MANIFEST_FORMAT);
	for (size_t i = 0; r == 0 && i < manifest->count; i++)
		r = compare_part(&manifest->parts[i], json_array_get(parts, i), err);
	if (r == 0 && json_array_size(parts) != manifest->count)
		r = err_set(err, -EBADMSG, MANIFEST_NAME ": lists %zu parts, %zu are there",
			json_array_size(parts), manifest->count);
	json_decref(root);
	return r;
}
