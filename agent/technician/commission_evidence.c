/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/commission_evidence.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "agent/core/observation.h"
#include "agent/errands/sources.h"
#include "agent/run_once.h"
#include "common/file.h"

#define DEADLINE_MS 5000 /* as in the running agent */
#define KEPT_ITEMS 8 /* of all sources: their own records have the rest */

struct gathering {
	struct certificate *certificate;
	struct observation *said; /* by one source */
	unsigned kept;
};

static void on_done(void *arg, const struct run_once_result *result)
{
	struct gathering *gathering = arg;

	observation_parse(gathering->said, result->output, result->length, NULL, NULL);
}

static void run(const char *path, struct gathering *gathering)
{
	const char *argv[] = {path, NULL};
	struct run_once_settings settings = {
		.argv = argv, .deadline_ms = DEADLINE_MS, .output_bytes_max = SOURCE_TEXT_MAX};
	struct run_once *run_once;
	uv_loop_t loop;

	if (uv_loop_init(&loop) < 0)
		return;
	settings.loop = &loop;
	run_once_start(&settings, on_done, gathering, &run_once);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
}

static void read_source(const char *path, struct gathering *gathering)
{
	char text[SOURCE_TEXT_MAX + 1];
	int length = source_read(path, text);

	if (length > 0)
		observation_parse(gathering->said, text, (size_t)length, NULL, NULL);
}

static void add(struct gathering *gathering, const char *source)
{
	for (size_t i = 0; i < gathering->said->item_count; i++) {
		const struct observation_item *item = &gathering->said->items[i];
		char key[2 * OBSERVATION_KEY_MAX + 2];

		snprintf(key, sizeof(key), "%s.%s", source, item->key);
		if (strlen(key) > OBSERVATION_KEY_MAX)
			snprintf(key, sizeof(key), "%s", item->key);
		certificate_show(gathering->certificate, key, item->value);
		if (gathering->kept++ < KEPT_ITEMS)
			certificate_keep(gathering->certificate, key, item->value);
	}
}

void commission_add_evidence(const char *folder, struct certificate *certificate)
{
	struct gathering gathering = {.certificate = certificate};
	struct sources sources;

	if (!*folder || sources_list(folder, &sources) < 0)
		return;
	gathering.said = calloc(1, sizeof(*gathering.said));
	for (size_t i = 0; gathering.said && i < sources.count; i++) {
		char path[PATH_MAX], source[OBSERVATION_SOURCE_MAX + 1];

		gathering.said->item_count = 0;
		if (file_join(path, sizeof(path), folder, sources.names[i]) < 0 ||
			!observation_source_of(sources.names[i], source))
			continue;
		if (source_is_program(path))
			run(path, &gathering);
		else
			read_source(path, &gathering);
		add(&gathering, source);
	}
	free(gathering.said);
}
