/* SPDX-License-Identifier: Apache-2.0 */
#include "web/open/showcase.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/store/registry_close.h"
#include "common/civil.h"
#include "common/clock.h"
#include "web/limits.h"

#define US_PER_S 1000000ULL
#define ZONE_FALLBACK_S (8 * 3600)

struct place { /* of an edition */
	struct edition *edition;
	uint64_t used; /* the higher the later */
	uint64_t fresh_us; /* of an open month: good until then */
};

struct months {
	struct showcase_month *items; /* the newest first */
	size_t count;
};

struct showcase {
	const char *state;
	const struct publisher *publisher;
	pthread_mutex_t lock; /* of all below */
	struct gazetteer *gazetteer;
	uint64_t gazetteer_fresh_us;
	int64_t changed_s;
	struct months months;
	struct place places[OPEN_EDITIONS];
	uint64_t uses;
};

int showcase_new(const char *state, const struct publisher *publisher,
	struct showcase **ret_showcase, struct err *err)
{
	struct showcase *showcase = calloc(1, sizeof(*showcase));

	if (!showcase)
		return err_errno(err, -ENOMEM, "open data");
	showcase->state = state;
	showcase->publisher = publisher;
	pthread_mutex_init(&showcase->lock, NULL);
	*ret_showcase = showcase;
	return 0;
}

void showcase_free(struct showcase *showcase)
{
	if (!showcase)
		return;
	for (size_t i = 0; i < OPEN_EDITIONS; i++)
		edition_free(showcase->places[i].edition);
	gazetteer_free(showcase->gazetteer);
	free(showcase->months.items);
	pthread_mutex_destroy(&showcase->lock);
	free(showcase);
}

const struct publisher *showcase_publisher(const struct showcase *showcase)
{
	return showcase->publisher;
}

/* Until when something is good that took so long to make. */
static uint64_t fresh_until(uint64_t began_us, uint64_t least_s)
{
	uint64_t now_us = clock_boot_us(), rest_us = (now_us - began_us) * OPEN_REST;

	return now_us + (rest_us > least_s * US_PER_S ? rest_us : least_s * US_PER_S);
}

/* ---- which months there are */

static const struct showcase_month *find_month(const struct months *months, const char *month)
{
	for (size_t i = 0; i < months->count; i++) {
		if (!strcmp(months->items[i].month, month))
			return &months->items[i];
	}
	return NULL;
}

static int grow(struct months *months, const char *month, struct showcase_month **ret_item)
{
	struct showcase_month *items = reallocarray(
		months->items, months->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	months->items = items;
	*ret_item = &items[months->count++];
	**ret_item = (struct showcase_month){0};
	strcpy((*ret_item)->month, month);
	return 0;
}

/* Revisions of a month come in order: the last one stays. */
static int add_closed(void *arg, const struct closed_month *closed)
{
	struct months *months = arg;
	struct showcase_month *item = (struct showcase_month *)find_month(months, closed->month);
	int r = item ? 0 : grow(months, closed->month, &item);

	if (r == 0) {
		item->closed = true;
		item->issue = *closed;
	}
	return r;
}

/* From the first contract on, but no further back than people ask for. */
static int add_open(const struct gazetteer *gazetteer, struct months *months)
{
	int32_t offset_s = ZONE_FALLBACK_S;
	int64_t at_s = gazetteer->as_of_s, from_s, to_s;
	char name[8];
	int r = 0;

	civil_zone(gazetteer->home.zone, &offset_s);
	for (int i = 0; r == 0 && i < OPEN_MONTHS_MAX && at_s >= gazetteer->first_contract_s; i++) {
		struct showcase_month *item;

		civil_month_name(at_s, offset_s, name);
		if (!find_month(months, name))
			r = grow(months, name, &item);
		if (civil_month(name, offset_s, &from_s, &to_s, NULL) < 0)
			break;
		at_s = from_s - 1;
	}
	return r;
}

static int newest_first(const void *left, const void *right)
{
	return strcmp(((const struct showcase_month *)right)->month,
		((const struct showcase_month *)left)->month);
}

static bool same_issue(const struct showcase_month *a, const struct showcase_month *b)
{
	return a->closed == b->closed && (!a->closed || !strcmp(a->issue.hash, b->issue.hash));
}

/* What is known of a month's files stays known while it is the same. */
static void keep_sizes(const struct months *before, struct months *after)
{
	for (size_t i = 0; i < after->count; i++) {
		struct showcase_month *item = &after->items[i];
		const struct showcase_month *known = find_month(before, item->month);

		if (known && item->closed && same_issue(known, item))
			memcpy(item->sizes, known->sizes, sizeof(item->sizes));
	}
}

static int read_months(struct showcase *showcase, const struct books *books,
	const struct gazetteer *gazetteer, struct err *err)
{
	struct months months = {0};
	int r = 0;

	if (books->ledger)
		r = closed_months(books->ledger, NULL, add_closed, &months, err);
	if (r == 0)
		r = add_open(gazetteer, &months);
	if (r < 0) {
		free(months.items);
		return r == -ENOMEM ? err_errno(err, r, "open data") : r;
	}
	if (months.count)
		qsort(months.items, months.count, sizeof(*months.items), newest_first);
	keep_sizes(&showcase->months, &months);
	free(showcase->months.items);
	showcase->months = months;
	return 0;
}

static void replace_gazetteer(struct showcase *showcase, struct gazetteer *gazetteer)
{
	if (!showcase->gazetteer ||
		showcase->gazetteer->registry_sequence != gazetteer->registry_sequence)
		showcase->changed_s = gazetteer->as_of_s;
	gazetteer_free(showcase->gazetteer);
	showcase->gazetteer = gazetteer;
}

static int refresh(struct showcase *showcase, struct err *err)
{
	uint64_t began_us = clock_boot_us();
	struct gazetteer *gazetteer;
	struct books books;
	int r;

	if (showcase->gazetteer && began_us < showcase->gazetteer_fresh_us)
		return 0;
	r = books_try(showcase->state, &books, err);
	if (r < 0)
		return r;
	r = gazetteer_read(&books, &gazetteer, err);
	if (r == 0) {
		r = read_months(showcase, &books, gazetteer, err);
		if (r == 0)
			replace_gazetteer(showcase, gazetteer);
		else
			gazetteer_free(gazetteer);
	}
	books_close(&books);
	showcase->gazetteer_fresh_us = fresh_until(began_us, r == 0 ? OPEN_LIVE_S : 0);
	return r;
}

int showcase_take(struct showcase *showcase, struct err *err)
{
	int r;

	pthread_mutex_lock(&showcase->lock);
	r = refresh(showcase, err);
	if (r < 0)
		pthread_mutex_unlock(&showcase->lock);
	return r;
}

void showcase_give(struct showcase *showcase)
{
	pthread_mutex_unlock(&showcase->lock);
}

const struct gazetteer *showcase_gazetteer(const struct showcase *showcase)
{
	return showcase->gazetteer;
}

const struct showcase_month *showcase_months(const struct showcase *showcase, size_t *ret_count)
{
	*ret_count = showcase->months.count;
	return showcase->months.items;
}

const struct showcase_month *showcase_month(const struct showcase *showcase, const char *month)
{
	return find_month(&showcase->months, month);
}

int64_t showcase_changed(const struct showcase *showcase)
{
	return showcase->changed_s;
}

/* ---- editions */

static bool is_good(const struct place *place, const struct showcase_month *month)
{
	const struct edition_about *about = &place->edition->about;

	if (strcmp(about->month, month->month) != 0 || about->closed != month->closed)
		return false;
	return month->closed ? !strcmp(about->issue.hash, month->issue.hash)
			     : clock_boot_us() < place->fresh_us;
}

static void clear_place(struct place *place)
{
	edition_free(place->edition);
	*place = (struct place){0};
}

/* What was asked for longest ago; NULL: nothing is held. */
static struct place *oldest_place(struct showcase *showcase)
{
	struct place *oldest = NULL;

	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		struct place *place = &showcase->places[i];

		if (place->edition && (!oldest || place->used < oldest->used))
			oldest = place;
	}
	return oldest;
}

static struct place *empty_place(struct showcase *showcase)
{
	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		if (!showcase->places[i].edition)
			return &showcase->places[i];
	}
	return NULL;
}

static size_t bytes_held(const struct showcase *showcase)
{
	size_t bytes = 0;

	for (size_t i = 0; i < OPEN_EDITIONS; i++)
		bytes += showcase->places[i].edition ? showcase->places[i].edition->bytes : 0;
	return bytes;
}

/* An older edition of the month goes, and others until there is room for this one. */
static struct place *make_place(struct showcase *showcase, const struct edition *edition)
{
	struct place *place;

	for (size_t i = 0; i < OPEN_EDITIONS; i++) {
		place = &showcase->places[i];
		if (place->edition && !strcmp(place->edition->about.month, edition->about.month))
			clear_place(place);
	}
	while ((place = oldest_place(showcase)) &&
		(!empty_place(showcase) || bytes_held(showcase) + edition->bytes > OPEN_BYTES_MAX))
		clear_place(place);
	return empty_place(showcase);
}

static void note_sizes(struct showcase *showcase, const struct edition *edition)
{
	struct showcase_month *month = (struct showcase_month *)find_month(
		&showcase->months, edition->about.month);

	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++)
			month->sizes[i][k] = edition->files[i][k].blob->length;
	}
}

/* Counted up to now, or to the month's end. */
static int date(const struct showcase_month *month, struct edition_about *about, struct err *err)
{
	struct span span;
	int r = closing_span(month->month, &span, err);

	if (r < 0)
		return r;
	strcpy(about->month, month->month);
	about->as_of_s = clock_utc_us() / (int64_t)US_PER_S;
	if (month->closed || about->as_of_s > span.to)
		about->as_of_s = span.to;
	return 0;
}

static int make(struct showcase *showcase, const struct showcase_month *month,
	struct place **ret_place, struct err *err)
{
	struct edition_about about = {.closed = month->closed, .issue = month->issue};
	uint64_t began_us = clock_boot_us();
	struct edition *edition;
	struct place *place;
	struct books books;
	int r = books_try(showcase->state, &books, err);

	if (r < 0)
		return r;
	const struct sla_source source = {books.registry, books.ledger};

	r = date(month, &about, err);
	if (r == 0)
		r = edition_make(&source, showcase->publisher, &about, &edition, err);
	books_close(&books);
	if (r < 0)
		return r;
	place = make_place(showcase, edition);
	place->edition = edition;
	place->fresh_us = fresh_until(began_us, OPEN_FRESH_S);
	note_sizes(showcase, edition);
	*ret_place = place;
	return 0;
}

int showcase_edition(struct showcase *showcase, const char *name,
	const struct edition **ret_edition, struct err *err)
{
	const struct showcase_month *month = find_month(&showcase->months, name);
	struct place *found = NULL;
	int r = 0;

	if (!month)
		return err_set(err, -ENOENT, "there is no data of %.20s", name);
	for (size_t i = 0; !found && i < OPEN_EDITIONS; i++) {
		struct place *place = &showcase->places[i];

		if (place->edition && is_good(place, month))
			found = place;
	}
	if (!found)
		r = make(showcase, month, &found, err);
	if (r < 0)
		return r;
	found->used = ++showcase->uses;
	*ret_edition = found->edition;
	return 0;
}
