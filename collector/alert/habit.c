/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/habit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void free_scope(struct habits *habits, enum fall_scope scope)
{
	for (uint32_t i = 0; habits->items[scope] && i < habits->count[scope]; i++)
		free(habits->items[scope][i].key);
	free(habits->items[scope]);
	free(habits->rates[scope]);
	habits->items[scope] = NULL;
	habits->rates[scope] = NULL;
	habits->count[scope] = 0;
}

void habits_done(struct habits *habits)
{
	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++)
		free_scope(habits, scope);
}

static struct habit *find(const struct habits *habits, enum fall_scope scope, const char *key)
{
	for (uint32_t i = 0; i < habits->count[scope]; i++)
		if (strcmp(habits->items[scope][i].key, key) == 0)
			return &habits->items[scope][i];
	return NULL;
}

static int make_scope(struct habits *fresh, const struct habits *known, enum fall_scope scope,
	const struct atlas_scopes *places)
{
	fresh->items[scope] = calloc(places->count + 1, sizeof(**fresh->items));
	fresh->rates[scope] = calloc(places->count + 1, sizeof(**fresh->rates));
	if (!fresh->items[scope] || !fresh->rates[scope])
		return -ENOMEM;
	for (uint32_t i = 0; i < places->count; i++) {
		struct habit *habit = &fresh->items[scope][i];
		const struct habit *before = find(known, scope, places->keys[i]);

		habit->key = strdup(places->keys[i]);
		if (!habit->key)
			return -ENOMEM;
		habit->falls = before ? before->falls : 0.0;
		habit->link_s = before ? before->link_s : 0.0;
		fresh->rates[scope][i].links = places->links[i];
		fresh->count[scope]++;
	}
	return 0;
}

int habits_follow(struct habits *habits, const struct atlas *atlas)
{
	struct habits fresh = {0};
	int r = 0;

	for (enum fall_scope scope = 0; r == 0 && scope < FALL_SCOPES; scope++)
		r = make_scope(&fresh, habits, scope, atlas_scopes(atlas, scope));
	if (r < 0) {
		habits_done(&fresh);
		return r;
	}
	habits_done(habits);
	*habits = fresh;
	habits_rate(habits);
	return 0;
}

void habits_pass(struct habits *habits, double seconds)
{
	double kept = exp(-seconds / HABIT_MEMORY_S);

	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++) {
		for (uint32_t i = 0; i < habits->count[scope]; i++) {
			struct habit *habit = &habits->items[scope][i];

			habit->falls *= kept;
			habit->link_s = habit->link_s * kept +
				seconds * habits->rates[scope][i].links;
		}
	}
}

void habits_fall(struct habits *habits, const struct fall *fall)
{
	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++)
		if (fall->scopes[scope] < habits->count[scope])
			habits->items[scope][fall->scopes[scope]].falls += 1.0;
}

void habits_rate(struct habits *habits)
{
	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++)
		for (uint32_t i = 0; i < habits->count[scope]; i++)
			habits->rates[scope][i].per_link_s = fall_rate_usual(
				habits->items[scope][i].falls, habits->items[scope][i].link_s);
}

void habits_restore(
	struct habits *habits, enum fall_scope scope, const char *key, double falls, double link_s)
{
	struct habit *habit = find(habits, scope, key);

	if (habit && falls >= 0.0 && link_s >= 0.0 && isfinite(falls) && isfinite(link_s)) {
		habit->falls = falls;
		habit->link_s = link_s;
	}
}
