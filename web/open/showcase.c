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
	int64_t changes; /* how often the register or a month was seen to be another */
	struct shelf shelf;
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
	shelf_done(&showcase->shelf);
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
		item->changed_s = closed->closed_s;
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
static void keep_known(struct showcase *showcase, struct months *after)
{
	const struct months *before = &showcase->months;
	bool same = before->count == after->count;

	for (size_t i = 0; i < after->count; i++) {
		struct showcase_month *item = &after->items[i];
		const struct showcase_month *known = find_month(before, item->month);

		if (!known || !same_issue(known, item)) {
			same = false;
			continue;
		}
		*item = *known;
	}
	showcase->changes += !same;
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
	keep_known(showcase, &months);
	free(showcase->months.items);
	showcase->months = months;
	return 0;
}

static void replace_gazetteer(struct showcase *showcase, struct gazetteer *gazetteer)
{
	if (!showcase->gazetteer ||
		showcase->gazetteer->registry_sequence != gazetteer->registry_sequence) {
		showcase->changed_s = gazetteer->as_of_s;
		showcase->changes++;
	}
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

int64_t showcase_changes(const struct showcase *showcase)
{
	return showcase->changes;
}

/* ---- editions */

static bool is_good(const struct shelf_place *place, const struct showcase_month *month)
{
	const struct edition_about *about = &place->edition->about;

	if (about->closed != month->closed)
		return false;
	return month->closed ? !strcmp(about->issue.hash, month->issue.hash)
			     : clock_boot_us() < place->fresh_us;
}

/* Sizes are told of closed months alone: open ones change. */
static void note(struct showcase *showcase, const struct edition *edition)
{
	struct showcase_month *month = (struct showcase_month *)find_month(
		&showcase->months, edition->about.month);
	bool news = month->changed_s != edition->about.changed_s ||
		(month->closed && !month->sizes[OPEN_LINKS][OPEN_CSV]);

	month->changed_s = edition->about.changed_s;
	for (int i = 0; i < OPEN_TABLES; i++) {
		for (int k = 0; k < OPEN_FORMATS; k++)
			month->sizes[i][k] = edition->files[i][k].length;
	}
	showcase->changes += news;
}

/* The end of the month where it ends last, among the links that there are. */
static int month_end(
	const struct showcase *showcase, const char *month, int64_t *ret_end_s, struct err *err)
{
	const struct board *board = &showcase->gazetteer->board;
	int32_t offset_s = ZONE_FALLBACK_S;
	int64_t from_s;

	if (!board->count)
		civil_zone(showcase->gazetteer->home.zone, &offset_s);
	for (size_t i = 0; i < board->count; i++) {
		if (i == 0 || board->rows[i].link.offset_s < offset_s)
			offset_s = board->rows[i].link.offset_s;
	}
	return civil_month(month, offset_s, &from_s, ret_end_s, err);
}

/* Counted up to now, or to the month's end. */
static int date(const struct showcase *showcase, const struct showcase_month *month,
	struct edition_about *about, struct err *err)
{
	int64_t now_s = clock_utc_us() / (int64_t)US_PER_S, end_s;
	int r = month_end(showcase, month->month, &end_s, err);

	if (r < 0)
		return r;
	strcpy(about->month, month->month);
	about->over = month->closed || now_s >= end_s;
	about->as_of_s = about->over ? end_s : now_s;
	about->changed_s = month->closed ? month->issue.closed_s : now_s;
	return 0;
}

static int read_edition(struct showcase *showcase, const struct edition_about *about,
	struct edition **ret_edition, struct err *err)
{
	struct books books;
	int r = books_try(showcase->state, &books, err);

	if (r < 0)
		return r;
	const struct sla_source source = {books.registry, books.ledger};

	r = edition_make(&source, showcase->publisher, about, ret_edition, err);
	books_close(&books);
	return r;
}

/* A month that is over is dated by the last count that differed from the one before. */
static int make(struct showcase *showcase, const struct showcase_month *month,
	struct shelf_place *before, struct shelf_place **ret_place, struct err *err)
{
	struct edition_about about = {.closed = month->closed, .issue = month->issue};
	uint64_t began_us = clock_boot_us();
	struct edition *edition;
	int r = date(showcase, month, &about, err);

	if (r == 0)
		r = read_edition(showcase, &about, &edition, err);
	if (r < 0)
		return r;
	if (before && !about.closed && edition_same(before->edition, edition))
		edition->about.changed_s = before->edition->about.changed_s;
	*ret_place = shelf_put(&showcase->shelf, edition);
	(*ret_place)->fresh_us = fresh_until(began_us, OPEN_FRESH_S);
	note(showcase, edition);
	return 0;
}

int showcase_edition(struct showcase *showcase, const char *name,
	const struct edition **ret_edition, struct err *err)
{
	struct showcase_month *month = (struct showcase_month *)find_month(&showcase->months, name);
	uint64_t began_us = clock_boot_us();
	struct shelf_place *found;
	int r = 0;

	if (!month)
		return err_set(err, -ENOENT, "there is no data of %.20s", name);
	if (began_us < month->retry_us)
		return err_set(err, month->fault, "%s could not be read a moment ago", name);
	found = shelf_find(&showcase->shelf, name);
	if (!found || !is_good(found, month))
		r = make(showcase, month, found, &found, err);
	month->fault = r;
	month->retry_us = r < 0 ? fresh_until(began_us, 0) : 0;
	if (r < 0)
		return r;
	shelf_use(&showcase->shelf, found);
	*ret_edition = found->edition;
	return 0;
}

/* ---- documents about all months */

const struct packed *showcase_paper(
	const struct showcase *showcase, enum shelf_paper which, const char *key)
{
	return shelf_paper(&showcase->shelf, which, key);
}

int showcase_keep(
	struct showcase *showcase, enum shelf_paper which, const char *key, const struct buf *bytes)
{
	return shelf_keep(&showcase->shelf, which, key, bytes);
}
