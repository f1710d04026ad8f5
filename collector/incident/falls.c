/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/incident/falls.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define DAY_S 86400.0
#define NO_INCIDENT SIZE_MAX

#define NO_FALL SIZE_MAX

struct work {
	struct fall *falls; /* by their beginning */
	size_t *before; /* of each: the fall of the same link before it, or NO_FALL */
	size_t count;
	const struct falls_scopes *scopes;
	struct incident *incidents;
	size_t incident_count;
};

const char *fall_scope_name(enum fall_scope scope)
{
	static const char *const names[] = {
		[FALL_PROVIDER] = "provider",
		[FALL_KECAMATAN] = "kecamatan",
		[FALL_ALL] = "all",
		[FALL_ALONE] = "link",
	};

	return names[scope];
}

double fall_rate_usual(double falls, double link_s)
{
	return (falls + FALLS_A_DAY_NEW) / (link_s + DAY_S);
}

/* The terms shrink by a factor below one from k on, so they are added, in units of the first, until
 * they no longer count. */
double falls_chance_ln(uint32_t n, double p, uint32_t k)
{
	double first_ln, term = 1.0, sum = 0.0;

	if (k == 0 || p >= 1.0 || (double)k <= (double)n * p)
		return 0.0;
	if (k > n || p <= 0.0)
		return -INFINITY;
	first_ln = lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) +
		(n - k) * log1p(-p);
	for (uint32_t i = k; i <= n && term > sum * 1e-12; i++) {
		sum += term;
		term *= (n - i) / (i + 1.0) * (p / (1.0 - p));
	}
	return fmin(first_ln + log(sum), 0.0);
}

static int compare_falls(const void *left, const void *right)
{
	const struct fall *a = left, *b = right;

	if (a->from_s != b->from_s)
		return a->from_s < b->from_s ? -1 : 1;
	if (a->link != b->link)
		return a->link < b->link ? -1 : 1;
	if (a->to_s != b->to_s)
		return a->to_s < b->to_s ? -1 : 1;
	return a->silent - b->silent;
}

static bool is_free_in(const struct work *work, size_t i, enum fall_scope scope, uint32_t place)
{
	return work->falls[i].incident == NO_INCIDENT && work->falls[i].scopes[scope] == place;
}

/* How many links of the scope fell in the window that the fall begins. */
static uint32_t count_window(const struct work *work, size_t first, enum fall_scope scope)
{
	const struct fall *seed = &work->falls[first];
	uint32_t links = 0;

	for (size_t i = first; i < work->count; i++) {
		if (work->falls[i].from_s - seed->from_s > FALLS_WINDOW_S)
			break;
		if (!is_free_in(work, i, scope, seed->scopes[scope]))
			continue;
		/* A link that flaps is one that fell, not two. */
		if (work->before[i] == NO_FALL || work->before[i] < first)
			links++;
	}
	return links;
}

/* The scope in which chance explains the fall's company least; FALL_ALONE if it does everywhere. */
static enum fall_scope find_scope(const struct work *work, size_t first, double *ret_chance_ln)
{
	enum fall_scope best = FALL_ALONE;
	double least_ln = FALLS_CHANCE_LN;

	*ret_chance_ln = 0.0;
	for (enum fall_scope scope = 0; scope < FALL_SCOPES; scope++) {
		const struct fall_rate *rate =
			&work->scopes->rates[scope][work->falls[first].scopes[scope]];
		uint32_t links = count_window(work, first, scope);
		double chance_ln;

		if (links < FALLS_TOGETHER)
			continue;
		chance_ln = falls_chance_ln(
			rate->links, -expm1(-rate->per_link_s * FALLS_WINDOW_S), links);
		if (chance_ln < least_ln) {
			least_ln = *ret_chance_ln = chance_ln;
			best = scope;
		}
	}
	return best;
}

static void join(struct work *work, size_t i)
{
	struct incident *incident = &work->incidents[work->incident_count];
	struct fall *fall = &work->falls[i];

	fall->incident = work->incident_count;
	if (work->before[i] == NO_FALL || work->falls[work->before[i]].incident != fall->incident)
		incident->links++;
	if (fall->to_s == SPAN_FOREVER)
		incident->lasting++;
	if (fall->to_s > incident->to_s)
		incident->to_s = fall->to_s;
}

/* All that fell in the scope, as long as the next one comes within a window of the last. */
static void join_scope(struct work *work, size_t first, enum fall_scope scope)
{
	uint32_t place = work->falls[first].scopes[scope];
	int64_t last_s = work->falls[first].from_s;

	for (size_t i = first + 1; i < work->count; i++) {
		if (work->falls[i].from_s - last_s > FALLS_WINDOW_S)
			break;
		if (!is_free_in(work, i, scope, place))
			continue;
		last_s = work->falls[i].from_s;
		join(work, i);
	}
}

static void make_incident(struct work *work, size_t first)
{
	struct incident *incident = &work->incidents[work->incident_count];
	double chance_ln;
	enum fall_scope scope = find_scope(work, first, &chance_ln);

	*incident = (struct incident){
		.scope = scope,
		.place = scope == FALL_ALONE ? 0 : work->falls[first].scopes[scope],
		.first = first,
		.from_s = work->falls[first].from_s,
		.to_s = work->falls[first].to_s,
		.chance_ln = chance_ln,
	};
	join(work, first);
	if (scope != FALL_ALONE)
		join_scope(work, first, scope);
	work->incident_count++;
}

static int compare_links(const void *left, const void *right, void *arg)
{
	const struct fall *falls = arg;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;

	if (falls[a].link != falls[b].link)
		return falls[a].link < falls[b].link ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int find_before(struct work *work)
{
	size_t *order = malloc((work->count ? work->count : 1) * sizeof(*order));

	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < work->count; i++)
		order[i] = i;
	qsort_r(order, work->count, sizeof(*order), compare_links, work->falls);
	for (size_t i = 0; i < work->count; i++) {
		bool again = i > 0 && work->falls[order[i]].link == work->falls[order[i - 1]].link;

		work->before[order[i]] = again ? order[i - 1] : NO_FALL;
	}
	free(order);
	return 0;
}

int falls_group(struct fall *falls, size_t count, const struct falls_scopes *scopes,
	struct incident **ret_incidents, size_t *ret_count)
{
	struct work work = {.falls = falls, .count = count, .scopes = scopes};

	if (count)
		qsort(falls, count, sizeof(*falls), compare_falls);
	work.incidents = calloc(count ? count : 1, sizeof(*work.incidents));
	work.before = calloc(count ? count : 1, sizeof(*work.before));
	if (!work.incidents || !work.before || find_before(&work) < 0) {
		free(work.incidents);
		free(work.before);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		falls[i].incident = NO_INCIDENT;
	for (size_t i = 0; i < count; i++)
		if (falls[i].incident == NO_INCIDENT)
			make_incident(&work, i);
	free(work.before);
	*ret_incidents = work.incidents;
	*ret_count = work.incident_count;
	return 0;
}
