/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/backlog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MIN 64 /* power of two */

struct greeting { /* agent 0: an empty place of the table */
	uint32_t agent, count;
	int64_t at_s; /* 0: not known */
	struct held_run *runs;
	struct turns turns;
};

struct backlog { /* open addressing; nothing is ever removed */
	struct greeting *table;
	size_t size, used;
};

int backlog_new(struct backlog **ret_backlog)
{
	struct backlog *backlog = calloc(1, sizeof(*backlog));

	if (!backlog)
		return -ENOMEM;
	backlog->size = TABLE_MIN;
	backlog->table = calloc(TABLE_MIN, sizeof(*backlog->table));
	if (!backlog->table) {
		free(backlog);
		return -ENOMEM;
	}
	*ret_backlog = backlog;
	return 0;
}

void backlog_free(struct backlog *backlog)
{
	if (!backlog)
		return;
	for (size_t i = 0; i < backlog->size; i++)
		free(backlog->table[i].runs);
	free(backlog->table);
	free(backlog);
}

/* The agent's place: where it is, or where it would go. */
static struct greeting *find(const struct backlog *backlog, uint32_t agent)
{
	size_t at = (agent * UINT32_C(2654435769)) & (backlog->size - 1);

	while (backlog->table[at].agent != 0 && backlog->table[at].agent != agent)
		at = (at + 1) & (backlog->size - 1);
	return &backlog->table[at];
}

static int grow_table(struct backlog *backlog)
{
	struct backlog grown = {.size = backlog->size * 2, .used = backlog->used};

	if ((backlog->used + 1) * 4 < backlog->size * 3)
		return 0;
	grown.table = calloc(grown.size, sizeof(*grown.table));
	if (!grown.table)
		return -ENOMEM;
	for (size_t i = 0; i < backlog->size; i++)
		if (backlog->table[i].agent != 0)
			*find(&grown, backlog->table[i].agent) = backlog->table[i];
	free(backlog->table);
	*backlog = grown;
	return 0;
}

static uint64_t missing(
	const struct progress *progress, uint32_t agent, const struct held_run *held)
{
	const struct progress_run run = {agent, held->run, held->nonce};

	return progress_missing(progress, &run, held->first, held->last);
}

static int keep_runs(
	struct greeting *greeting, const struct hello *hello, const struct progress *progress)
{
	uint32_t count = 0;

	for (size_t i = 0; i < hello->run_count; i++)
		count += missing(progress, greeting->agent, &hello->runs[i]) > 0;
	if (count == 0)
		return 0;
	greeting->runs = calloc(count, sizeof(*greeting->runs));
	if (!greeting->runs)
		return -ENOMEM;
	for (size_t i = 0; i < hello->run_count; i++)
		if (missing(progress, greeting->agent, &hello->runs[i]) > 0)
			greeting->runs[greeting->count++] = hello->runs[i];
	return 0;
}

int backlog_take(struct backlog *backlog, uint32_t agent, const struct hello *hello, int64_t now_s,
	const struct progress *progress)
{
	struct greeting *greeting = find(backlog, agent);
	struct turns turns;
	bool twins;
	int r;

	if (greeting->agent == 0) {
		r = grow_table(backlog);
		if (r < 0)
			return r;
		greeting = find(backlog, agent);
		backlog->used++;
	}
	free(greeting->runs);
	turns = greeting->turns;
	twins = turns_greet(&turns, hello->boot);
	*greeting = (struct greeting){.agent = agent, .turns = turns};
	r = keep_runs(greeting, hello, progress);
	if (r == 0)
		greeting->at_s = now_s;
	return r < 0 ? r : twins;
}

bool backlog_tell(const struct backlog *backlog, uint32_t agent, const struct progress *progress,
	struct backlog_word *ret_word)
{
	const struct greeting *greeting = find(backlog, agent);
	struct backlog_word word = {.greeted_s = greeting->at_s};

	if (agent == 0 || greeting->agent != agent || greeting->at_s == 0)
		return false;
	for (uint32_t i = 0; i < greeting->count; i++)
		word.waiting += missing(progress, agent, &greeting->runs[i]);
	*ret_word = word;
	return true;
}
