/* SPDX-License-Identifier: Apache-2.0 */
#include "web/daybook.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"
#include "web/filter.h"
#include "web/limits.h"
#include "web/ticker.h"

#define DAY_S 86400
#define US_PER_S 1000000ULL

struct entries {
	struct sla_day *days; /* by link */
	size_t count, room;
};

struct daybook {
	const char *state;
	struct ticker *ticker;
	atomic_bool stopping;
	pthread_mutex_t lock;
	struct entries entries; /* under `lock` */
	/* of the ticker's thread alone */
	struct entries filling;
	uint64_t due_us;
	bool failing; /* the last time failed: said once */
};

static int add(void *arg, const struct sla_day *day)
{
	struct daybook *daybook = arg;
	struct entries *filling = &daybook->filling;

	if (daybook->stopping)
		return -ECANCELED;
	if (filling->count == filling->room) {
		size_t room = filling->room ? filling->room * 2 : 256;
		struct sla_day *days = reallocarray(filling->days, room, sizeof(*days));

		if (!days)
			return -ENOMEM;
		filling->days = days;
		filling->room = room;
	}
	filling->days[filling->count++] = *day;
	return 0;
}

/* What has just been heard is not judged yet: the stretch ends a little before now. */
static int count_all(struct daybook *daybook, struct err *err)
{
	int64_t end_s = clock_utc_us() / (int64_t)US_PER_S - DAYBOOK_BEFORE_S;
	const struct span stretch = {end_s - DAY_S, end_s};
	struct books books;
	int r = books_try(daybook->state, &books, err);

	if (r < 0)
		return r;
	const struct sla_source source = {books.registry, books.ledger};

	daybook->filling.count = 0;
	r = sla_days(&source, &stretch, add, daybook, err);
	books_close(&books);
	return r;
}

static void exchange(struct daybook *daybook)
{
	struct entries old;

	pthread_mutex_lock(&daybook->lock);
	old = daybook->entries;
	daybook->entries = daybook->filling;
	pthread_mutex_unlock(&daybook->lock);
	daybook->filling = old;
}

static void tick(void *arg)
{
	struct daybook *daybook = arg;
	uint64_t began_us = clock_boot_us(), took_us;
	struct err err = {0};
	int r;

	if (began_us < daybook->due_us)
		return;
	r = count_all(daybook, &err);
	if (r == 0)
		exchange(daybook);
	else if (r != -ENOENT && r != -ECANCELED && !daybook->failing)
		log_warn("the last day is not counted: %s", err.text);
	daybook->failing = r < 0;
	took_us = clock_boot_us() - began_us;
	daybook->due_us = clock_boot_us() + took_us * DAYBOOK_REST;
	if (daybook->due_us < began_us + DAYBOOK_EVERY_S * US_PER_S && r == 0)
		daybook->due_us = began_us + DAYBOOK_EVERY_S * US_PER_S;
}

static void daybook_free(struct daybook *daybook)
{
	free(daybook->entries.days);
	free(daybook->filling.days);
	pthread_mutex_destroy(&daybook->lock);
	free(daybook);
}

int daybook_start(const char *state, struct daybook **ret_daybook, struct err *err)
{
	struct daybook *daybook = calloc(1, sizeof(*daybook));
	int r;

	if (!daybook)
		return err_errno(err, -ENOMEM, "day book");
	daybook->state = state;
	pthread_mutex_init(&daybook->lock, NULL);
	r = ticker_start(DAYBOOK_POLL_MS, tick, daybook, &daybook->ticker, err);
	if (r < 0) {
		daybook_free(daybook);
		return r;
	}
	*ret_daybook = daybook;
	return 0;
}

void daybook_stop(struct daybook *daybook)
{
	if (!daybook)
		return;
	daybook->stopping = true;
	ticker_stop(daybook->ticker);
	daybook_free(daybook);
}

void daybook_lend(struct daybook *daybook,
	void (*use)(void *arg, const struct sla_day *days, size_t count), void *arg)
{
	pthread_mutex_lock(&daybook->lock);
	use(arg, daybook->entries.days, daybook->entries.count);
	pthread_mutex_unlock(&daybook->lock);
}

static int compare(const void *key, const void *item)
{
	int64_t link = *(const int64_t *)key, other = ((const struct sla_day *)item)->link;

	return (link > other) - (link < other);
}

const struct sla_day *daybook_find(const struct sla_day *days, size_t count, int64_t link)
{
	return count ? bsearch(&link, days, count, sizeof(*days), compare) : NULL;
}
