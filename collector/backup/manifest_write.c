/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/backup/manifest_private.h"

#include "common/json.h"

int manifest_write(const struct manifest *manifest, int64_t made_s, struct buf *out)
{
	struct json json;

	json_init(&json, out);
	json_object(&json, NULL);
	json_number(&json, "format", MANIFEST_FORMAT);
	json_text(&json, "program", PANTAU_VERSION);
	json_number(&json, "made", made_s);
	json_array(&json, "parts");
	for (size_t i = 0; i < manifest->count; i++) {
		json_object(&json, NULL);
		json_text(&json, "name", manifest->parts[i].name);
		json_number(&json, "bytes", (int64_t)manifest->parts[i].bytes);
		json_text(&json, "sha256", manifest->parts[i].sha256);
		json_object_end(&json);
	}
	json_array_end(&json);
	json_object_end(&json);
	return json_end(&json);
}
