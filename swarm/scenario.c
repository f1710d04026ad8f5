/* SPDX-License-Identifier: Apache-2.0 */
#include "swarm/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "swarm/words.h"

#define TROUBLES (sizeof(troubles) / sizeof(troubles[0]))
#define TROUBLE_WORDS                                                                         \
	"outage, cable, cpe, access, provider, upstream, slow, dns, offline, rebind, power, " \
	"restart or clock"
#define WITA_S (8 * 3600)
#define SLOW_SPEED_PERCENT 50
#define DAY_MS (86400 * INT64_C(1000))

static const struct {
	const char *name;
	enum trouble trouble;
	bool lasts;
} troubles[] = {
	{"outage", TROUBLE_PROVIDER, true},
	{"cable", TROUBLE_CABLE, true},
	{"cpe", TROUBLE_CPE, true},
	{"access", TROUBLE_ACCESS, true},
	{"provider", TROUBLE_PROVIDER, true},
	{"upstream", TROUBLE_UPSTREAM, true},
	{"slow", TROUBLE_SLOW, true},
	{"dns", TROUBLE_DNS, true},
	{"offline", TROUBLE_OFFLINE, true},
	{"rebind", TROUBLE_REBIND, false},
	{"power", TROUBLE_POWER, true},
	{"restart", TROUBLE_RESTART, true},
	{"clock", TROUBLE_CLOCK, true},
};

static int refuse(struct err *err, const char *word, const char *words)
{
	return err_set(err, -EINVAL, "%s: %s", word ? word : "nothing", words);
}

/* ---- a scene, word by word */

static int read_when(const char *word, struct scene *scene, struct err *err)
{
	if (word && strncmp(word, "daily@", 6) == 0) {
		scene->daily = true;
		return words_time_of_day(word + 6, &scene->at_ms)
			? 0
			: refuse(err, word, "must be daily@HH:MM");
	}
	return words_moment(word, &scene->at_ms)
		? 0
		: refuse(err, word,
			  "must be seconds after the start (or before it: -2h), or daily@HH:MM");
}

static int read_whom(char *word, struct scene *scene, struct err *err)
{
	char said[80];
	const char *wrong;

	if (!word)
		return refuse(err, word, "must be all, N or N-M, or a group");
	snprintf(said, sizeof(said), "%s", word);
	wrong = whom_parse(word, &scene->whom);
	return wrong ? refuse(err, said, wrong) : 0;
}

static int read_trouble(const char *word, bool *ret_lasts, struct scene *scene, struct err *err)
{
	for (size_t i = 0; word && i < TROUBLES; i++)
		if (strcmp(word, troubles[i].name) == 0) {
			scene->trouble = troubles[i].trouble;
			*ret_lasts = troubles[i].lasts;
			return 0;
		}
	return refuse(err, word, "must be " TROUBLE_WORDS);
}

static int read_for(const char *word, struct scene *scene, struct err *err)
{
	int64_t for_ms;

	if (!words_moment(word, &for_ms) || for_ms < 0)
		return refuse(err, word, "must be for how many seconds");
	if (scene->daily && (uint64_t)for_ms > SCENARIO_LASTS_MAX_MS)
		return refuse(err, word, "must be 36h at most, where it is daily");
	scene->for_ms = (uint64_t)for_ms;
	return 0;
}

static bool read_number(const char *value, double most, double scale, uint32_t *ret)
{
	double number;

	if (!words_number(value, &number) || number < 0 || number > most)
		return false;
	*ret = (uint32_t)(number * scale + 0.5);
	return true;
}

/* ---- what a scene says more about itself */

static bool read_chance(const char *value, struct scene *scene)
{
	return read_number(value, 100, 10000, &scene->chance_ppm);
}

static bool read_jitter(const char *value, struct scene *scene)
{
	int64_t ms;

	if (!words_moment(value, &ms) || ms < 0 || ms > DAY_MS)
		return false;
	scene->jitter_ms = (uint32_t)ms;
	return true;
}

static bool read_rtt(const char *value, struct scene *scene)
{
	return read_number(value, 2500, 1, &scene->rtt_ms);
}

static bool read_loss(const char *value, struct scene *scene)
{
	return read_number(value, 100, 10000, &scene->loss_ppm);
}

static bool read_speed(const char *value, struct scene *scene)
{
	return read_number(value, 100, 1, &scene->speed_percent);
}

static bool read_off(const char *value, struct scene *scene)
{
	return words_moment(value, &scene->off_ms);
}

static bool is_daily(const struct scene *scene)
{
	return scene->daily;
}

static bool is_slow(const struct scene *scene)
{
	return scene->trouble == TROUBLE_SLOW;
}

static bool is_of_clock(const struct scene *scene)
{
	return scene->trouble == TROUBLE_CLOCK;
}

static const struct extra {
	const char *word;
	bool (*fits)(const struct scene *scene);
	bool (*read)(
		const char *value, struct scene *scene); /* false: out of range, or no number */
} extras[] = {
	{"chance", is_daily, read_chance},
	{"jitter", is_daily, read_jitter},
	{"rtt", is_slow, read_rtt},
	{"loss", is_slow, read_loss},
	{"speed", is_slow, read_speed},
	{"off", is_of_clock, read_off},
};

static const struct extra *find_extra(const char *word, const struct scene *scene)
{
	for (size_t i = 0; i < sizeof(extras) / sizeof(*extras); i++)
		if (strcmp(word, extras[i].word) == 0 && extras[i].fits(scene))
			return &extras[i];
	return NULL;
}

static int read_extra(char *word, struct scene *scene, struct err *err)
{
	char *value = strchr(word, '=');
	const struct extra *extra;

	if (!value)
		return refuse(err, word, "is too much");
	*value++ = '\0';
	extra = find_extra(word, scene);
	if (!extra)
		return refuse(err, word,
			"is not known here: a daily scene has chance= and jitter=, slow has rtt=, "
			"loss= and speed=, clock has off=");
	if (extra->read(value, scene))
		return 0;
	return err_set(err, -EINVAL, "%s=%.40s: is out of range, or no number", word, value);
}

/* ---- a scene whole */

static int read_scene(char *first, char **rest, struct scene *ret_scene, struct err *err)
{
	struct scene scene = {.chance_ppm = 1000000, .speed_percent = SLOW_SPEED_PERCENT};
	int r = read_when(first, &scene, err);
	bool lasts = false;
	char *word;

	if (r == 0)
		r = read_whom(words_next(rest), &scene, err);
	if (r == 0)
		r = read_trouble(words_next(rest), &lasts, &scene, err);
	if (r == 0 && lasts)
		r = read_for(words_next(rest), &scene, err);
	while (r == 0 && (word = words_next(rest)))
		r = read_extra(word, &scene, err);
	if (r == 0)
		*ret_scene = scene;
	return r;
}

/* ---- the other lines */

static int read_seed(char **rest, struct scenario *scenario, struct err *err)
{
	char *word = words_next(rest), *end;

	scenario->seed = word ? strtoull(word, &end, 10) : 0;
	return word && end != word && !*end ? 0 : refuse(err, word, "must be seed NUMBER");
}

static int read_background(char **rest, struct scenario *scenario, struct err *err)
{
	char *word = words_next(rest);

	scenario->background_ppm = 1000000;
	if (!word || read_number(word, 1000, 1000000, &scenario->background_ppm))
		return 0;
	return refuse(err, word, "must be background FACTOR, from 0 to 1000");
}

static int read_zone(char **rest, struct scenario *scenario, struct err *err)
{
	static const char *const zones[] = {"WIB", "WITA", "WIT"};
	char *word = words_next(rest);

	for (int i = 0; word && i < 3; i++)
		if (strcmp(word, zones[i]) == 0) {
			scenario->zone_s = (7 + i) * 3600;
			return 0;
		}
	return refuse(err, word, "must be zone WIB, WITA or WIT");
}

static int read_profile(char **rest, struct scenario *scenario, struct err *err)
{
	char *word = words_next(rest);
	int kind = word ? kind_parse(word) : -1;
	double number;

	if (kind < 0)
		return refuse(err, word, "must be profile fibre, 4g, vsat, starlink or wireless");
	while ((word = words_next(rest))) {
		char *value = strchr(word, '=');
		double *field;

		if (value)
			*value++ = '\0';
		field = value ? profile_field(&scenario->profiles[kind], word) : NULL;
		if (!field)
			return refuse(err, word, "is no figure of a profile; SCENARIO.md has them");
		if (!words_number(value, &number) || number < 0 || number > 1e6)
			return err_set(err, -EINVAL, "%s=%.40s: must be 0 to 1000000", word, value);
		*field = number;
	}
	return 0;
}

/* ---- the file */

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

static int read_line(char *line, unsigned number, struct scenario *scenario, struct err *err)
{
	struct scene scene;
	char *rest = line, *word = words_next(&rest);
	int r;

	if (!word)
		return 0;
	if (strcmp(word, "seed") == 0)
		r = read_seed(&rest, scenario, err);
	else if (strcmp(word, "background") == 0)
		r = read_background(&rest, scenario, err);
	else if (strcmp(word, "zone") == 0)
		r = read_zone(&rest, scenario, err);
	else if (strcmp(word, "profile") == 0)
		r = read_profile(&rest, scenario, err);
	else {
		r = read_scene(word, &rest, &scene, err);
		scene.line = number;
		if (r == 0 && add_scene(scenario, &scene) < 0)
			r = err_set(err, -ENOMEM, "out of memory");
		return r;
	}
	word = r == 0 ? words_next(&rest) : NULL;
	return word ? refuse(err, word, "is too much") : r;
}

static int read_all(FILE *file, const char *path, struct scenario *scenario, struct err *err)
{
	unsigned number = 0;
	char *line = NULL;
	size_t size = 0;
	int r = 0;

	errno = 0;
	while (r == 0 && getline(&line, &size, file) >= 0) {
		number++;
		r = read_line(line, number, scenario, err);
		if (r < 0)
			err_prefix(err, "%s:%u", path, number);
	}
	if (r == 0 && ferror(file))
		r = err_errno(err, -errno, "%s", path);
	free(line);
	return r;
}

void scenario_init(struct scenario *scenario)
{
	*scenario = (struct scenario){.zone_s = WITA_S};
	for (int i = 0; i < KIND_COUNT; i++)
		profile_init(&scenario->profiles[i], (enum kind)i);
}

int scenario_read(const char *path, struct scenario *scenario, struct err *err)
{
	FILE *file = fopen(path, "re");
	int r;

	scenario_init(scenario);
	if (!file)
		return err_errno(err, -errno, "%s", path);
	r = read_all(file, path, scenario, err);
	fclose(file);
	if (r < 0)
		scenario_done(scenario);
	return r;
}

int scenario_check(
	const struct scenario *scenario, const char *path, size_t agents, struct err *err)
{
	for (size_t i = 0; i < scenario->count; i++) {
		const struct whom *whom = &scenario->scenes[i].whom;

		if (whom->last != UINT32_MAX && whom->last > agents)
			return err_set(err, -EINVAL,
				"%s:%u: %u-%u: there are %zu agents, from 1 to %zu", path,
				scenario->scenes[i].line, whom->first, whom->last, agents, agents);
	}
	return 0;
}

void scenario_done(struct scenario *scenario)
{
	free(scenario->scenes);
	scenario_init(scenario);
}
