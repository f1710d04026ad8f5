/* SPDX-License-Identifier: Apache-2.0 */
#include "web/yearbook.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "web/limits.h"

#define US_PER_S 1000000ULL

struct entry {
	char month[MONTH_NAME_BYTES]; /* "": nothing */
	char hash[REGISTRY_HEX_BYTES]; /* of a closed one: the document's; "" of an open one */
	int64_t registry_sequence; /* of an open one */
	uint64_t counted_us, took_us; /* on the clock since boot */
	uint64_t used; /* the yearbook's count of questions */
	struct standings standings;
};

struct yearbook {
	pthread_mutex_t lock;
	uint64_t questions;
	struct entry entries[YEARBOOK_MONTHS];
};

struct yearbook *yearbook_new(void)
{
	struct yearbook *yearbook = calloc(1, sizeof(*yearbook));

	if (yearbook)
		pthread_mutex_init(&yearbook->lock, NULL);
	return yearbook;
}

void yearbook_free(struct yearbook *yearbook)
{
	if (!yearbook)
		return;
	for (size_t i = 0; i < YEARBOOK_MONTHS; i++)
		standings_done(&yearbook->entries[i].standings);
	pthread_mutex_destroy(&yearbook->lock);
	free(yearbook);
}

/* What the month hangs on now: its document's hash, or the registry. */
static int look(const struct books *books, const char *month, struct entry *ret, struct err *err)
{
	struct closed_month closed;
	int r = books->ledger ? closed_month_find(books->ledger, month, CLOSED_LATEST, &closed, err)
			      : -ENOENT;

	if (r == 0)
		memcpy(ret->hash, closed.hash, sizeof(ret->hash));
	return r == -ENOENT ? registry_sequence(books->registry, &ret->registry_sequence, err) : r;
}

/* One that took long is kept for longer, so that questions never take a core. */
static bool is_fresh(const struct entry *entry, const struct entry *now)
{
	uint64_t age_us = clock_boot_us() - entry->counted_us;

	if (strcmp(entry->hash, now->hash) != 0)
		return false;
	return *now->hash ||
		(entry->registry_sequence == now->registry_sequence &&
			(age_us < YEARBOOK_FRESH_S * US_PER_S ||
				age_us < entry->took_us * YEARBOOK_REST));
}

/* The month's entry, or the one that was not asked for the longest. */
static struct entry *find(struct yearbook *yearbook, const char *month)
{
	struct entry *oldest = &yearbook->entries[0];

	for (size_t i = 0; i < YEARBOOK_MONTHS; i++) {
		struct entry *entry = &yearbook->entries[i];

		if (strcmp(entry->month, month) == 0)
			return entry;
		if (entry->used < oldest->used)
			oldest = entry;
	}
	return oldest;
}

static int count(struct entry *entry, const struct books *books, struct entry *now, struct err *err)
{
	const struct sla_source source = {books->registry, books->ledger};
	int r;

	now->counted_us = clock_boot_us();
	r = standings_read(
		&source, now->month, clock_utc_us() / (int64_t)US_PER_S, &now->standings, err);
	if (r < 0)
		return r;
	now->took_us = clock_boot_us() - now->counted_us;
	standings_done(&entry->standings);
	*entry = *now;
	return 0;
}

int yearbook_lend(struct yearbook *yearbook, const struct books *books, const char *month,
	struct yearbook_use use, struct err *err)
{
	struct entry now = {.used = 0}, *entry;
	int r = look(books, month, &now, err);

	if (r < 0)
		return r;
	strncpy(now.month, month, sizeof(now.month) - 1);
	pthread_mutex_lock(&yearbook->lock);
	entry = find(yearbook, now.month);
	if (strcmp(entry->month, now.month) != 0 || !is_fresh(entry, &now))
		r = count(entry, books, &now, err);
	if (r == 0) {
		entry->used = ++yearbook->questions;
		use.take(use.arg, &entry->standings);
	}
	pthread_mutex_unlock(&yearbook->lock);
	return r;
}
