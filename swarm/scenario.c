/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/scenario.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX 10000000 /* four months */
#define SEPARATORS " \t\r\n"

static const struct {
	const char *name;
	bool lasts;
} troubles[] = {
	[TROUBLE_OUTAGE] = {"outage", true},
	[TROUBLE_CABLE] = {"cable", true},
	[TROUBLE_OFFLINE] = {"offline", true},
	[TROUBLE_REBIND] = {"rebind", false},
	[TROUBLE_POWER] = {"power", true},
};
#define TROUBLES (sizeof(troubles) / sizeof(troubles[0]))

struct scenario {
	struct scene *scenes; /* by time; those of one time as they stand in the file */
	size_t count, next;
};

/* ---- words */

static bool read_seconds(const char *word, uint64_t *ret_ms)
{
	char *end;
	double seconds = word ? strtod(word, &end) : -1;

	if (!(seconds >= 0 && seconds <= SECONDS_MAX) || end == word || *end)
		return false;
	*ret_ms = (uint64_t)(seconds * 1000);
	return true;
}

/* "all", "7" or "1-20". */
static bool read_agents(const char *word, struct scene *scene)
{
	char rest;
	int count;

	scene->first = 1;
	scene->last = UINT32_MAX;
	if (!word || strcmp(word, "all") == 0)
		return word != NULL;
	count = sscanf(word, "%u-%u%c", &scene->first, &scene->last, &rest);
	if (count == 1 && word[strspn(word, "0123456789")] == '\0')
		scene->last = scene->first;
	else if (count != 2)
		return false;
	return scene->first >= 1 && scene->first <= scene->last;
}

static bool read_trouble(const char *word, enum trouble *ret_trouble)
{
	for (size_t i = 0; word && i < TROUBLES; i++)
		if (strcmp(word, troubles[i].name) == 0) {
			*ret_trouble = (enum trouble)i;
			return true;
		}
	return false;
}

static const char *word_of(const char *word)
{
	return word ? word : "nothing";
}

/* 1: a scene, 0: an empty line or a comment, or a negative errno with words. */
static int read_line(char *line, struct scene *ret_scene, struct err *err)
{
	struct scene scene = {.at_ms = 0};
	uint64_t for_ms = 0;
	char *rest = line, *word;

	line[strcspn(line, "#")] = '\0';
	word = strtok_r(line, SEPARATORS, &rest);
	if (!word)
		return 0;
	if (!read_seconds(word, &scene.at_ms))
		return err_set(err, -EINVAL, "%s: must be seconds after the start", word);
	word = strtok_r(NULL, SEPARATORS, &rest);
	if (!read_agents(word, &scene))
		return err_set(err, -EINVAL, "%s: must be all, N or N-M", word_of(word));
	word = strtok_r(NULL, SEPARATORS, &rest);
	if (!read_trouble(word, &scene.trouble))
		return err_set(err, -EINVAL, "%s: must be outage, cable, offline, rebind or power",
			word_of(word));
	if (troubles[scene.trouble].lasts) {
		word = strtok_r(NULL, SEPARATORS, &rest);
		if (!read_seconds(word, &for_ms))
			return err_set(
				err, -EINVAL, "%s: must be for how many seconds", word_of(word));
		scene.for_ms = for_ms < UINT32_MAX ? (uint32_t)for_ms : UINT32_MAX;
	}
	word = strtok_r(NULL, SEPARATORS, &rest);
	if (word)
		return err_set(err, -EINVAL, "%s: is too much", word);
	*ret_scene = scene;
	return 1;
}

/* ---- the file */

static int compare_scenes(const void *a, const void *b)
{
	const struct scene *left = a, *right = b;

	return (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
}

static int add_scene(struct scenario *scenario, const struct scene *scene)
{
	struct scene *grown = reallocarray(
		scenario->scenes, scenario->count + 1, sizeof(*scenario->scenes));

	if (!grown)
		return -ENOMEM;
	scenario->scenes = grown;
	scenario->scenes[scenario->count++] = *scene;
	return 0;
}

static int read_all(FILE *file, const char *path, struct scenario *scenario, struct err *err)
{
	struct scene scene;
	unsigned number = 0;
	char *line = NULL;
	size_t size = 0;
	int r = 0;

	while (r == 0 && getline(&line, &size, file) >= 0) {
		number++;
		r = read_line(line, &scene, err);
		if (r < 0)
			err_prefix(err, "%s:%u", path, number);
		else if (r == 1)
			r = add_scene(scenario, &scene);
	}
	free(line);
	return r;
}

int scenario_read(const char *path, struct scenario **ret_scenario, struct err *err)
{
	struct scenario *scenario = calloc(1, sizeof(*scenario));
	FILE *file = scenario ? fopen(path, "re") : NULL;
	int r;

	if (!file) {
		r = err_errno(err, scenario ? -errno : -ENOMEM, "%s", path);
		scenario_free(scenario);
		return r;
	}
	r = read_all(file, path, scenario, err);
	fclose(file);
	if (r < 0) {
		scenario_free(scenario);
		return r;
	}
	/* glibc's qsort() merges: equal times keep their order */
	if (scenario->count > 0)
		qsort(scenario->scenes, scenario->count, sizeof(*scenario->scenes), compare_scenes);
	*ret_scenario = scenario;
	return 0;
}

void scenario_free(struct scenario *scenario)
{
	if (!scenario)
		return;
	free(scenario->scenes);
	free(scenario);
}

const struct scene *scenario_next(struct scenario *scenario, uint64_t now_ms)
{
	if (scenario->next == scenario->count || scenario->scenes[scenario->next].at_ms > now_ms)
		return NULL;
	return &scenario->scenes[scenario->next++];
}
