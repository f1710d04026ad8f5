/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/civil.h"
#include "tests/bench/enrol.h"
#include "tests/bench/sinks.h"

#define WITA_S (8 * 3600)
#define MARGIN_S 3600 /* before and after the months: nothing is decided by their edges alone */
#define DAY_S 86400
#define HOLD_FROM_DAY 9 /* the week that is held lies within the first month */
#define HOLD_DAYS 7
#define LINKS_MAX 20000 /* a router takes 14 KB */
#define REGISTRY_LINKS_MAX 100000 /* of a registry alone: more than there are villages */

static const char usage_text[] =
	"Usage: invent-month --state DIR | --points   [--links N] [--month YYYY-MM] [--months N | "
	"--days N]\n"
	"                    [--seed N] [--report-s N] [--duplicate-ppm N]\n"
	"                    [--hold LINK] [--held LINK] [--only LINK] [--registry-only]\n"
	"Writes an invented province: its registry and the journal of its agents' slots into DIR,\n"
	"for `pantau-collector ledger --state DIR`; or on standard output a point a slot, up or\n"
	"down, as line protocol. The same seed gives the same slots. Agents report every N\n"
	"seconds (60: each slot at once). --hold leaves out a week of a link, from the 10th on;\n"
	"--held appends this week alone, late. --only: the points of one link. --registry-only:\n"
	"no journal.\n"
	"Default: 50 links, 2026-04, 1 month, seed 1, 60 s, 2000 ppm. What was written is said as\n"
	"JSON on standard error; \"end\" is the journal's, as the ledger's status says its "
	"cursor.\n";

struct options {
	struct province_plan plan;
	const char *state, *month;
	uint32_t months, days, duplicate_ppm, hold;
	bool points, held_only, registry_only;
};

static int read_number(const char *name, const char *text, uint32_t *ret_number, struct err *err)
{
	char *end;
	unsigned long long number = strtoull(text, &end, 10);

	if (!*text || *end || number > UINT32_MAX)
		return err_set(err, -EINVAL, "--%s %s: must be a number", name, text);
	*ret_number = (uint32_t)number;
	return 0;
}

static int take_option(struct options *options, const char *name, const char *text, struct err *err)
{
	struct province_plan *plan = &options->plan;
	uint32_t seed = 0;
	int r;

	if (!strcmp(name, "links"))
		return read_number(name, text, &plan->links, err);
	if (!strcmp(name, "months"))
		return read_number(name, text, &options->months, err);
	if (!strcmp(name, "days"))
		return read_number(name, text, &options->days, err);
	if (!strcmp(name, "report-s"))
		return read_number(name, text, &plan->report_s, err);
	if (!strcmp(name, "duplicate-ppm"))
		return read_number(name, text, &options->duplicate_ppm, err);
	if (!strcmp(name, "only"))
		return read_number(name, text, &plan->only, err);
	if (!strcmp(name, "hold") || !strcmp(name, "held")) {
		options->held_only = !strcmp(name, "held");
		return read_number(name, text, &options->hold, err);
	}
	r = read_number(name, text, &seed, err);
	plan->seed = seed;
	return r;
}

/* The months are those of WITA. */
static int find_span(struct options *options, struct err *err)
{
	struct province_plan *plan = &options->plan;
	char month[8];
	uint32_t most = options->registry_only ? REGISTRY_LINKS_MAX : LINKS_MAX;
	int64_t from_s = 0, to_s = 0;
	int r = civil_month(options->month, WITA_S, &plan->from_s, &to_s, err);

	for (uint32_t i = 1; r == 0 && i < options->months; i++) {
		civil_month_name(to_s, WITA_S, month);
		r = civil_month(month, WITA_S, &from_s, &to_s, err);
	}
	if (options->days)
		to_s = plan->from_s + (int64_t)options->days * DAY_S;
	plan->to_s = to_s + MARGIN_S;
	plan->from_s -= MARGIN_S;
	if (r == 0 && (!plan->links || plan->links > most))
		r = err_set(err, -EINVAL, "--links: must be 1 to %" PRIu32, most);
	if (r == 0 && (!plan->report_s || plan->only > plan->links || options->hold > plan->links))
		r = err_set(err, -EINVAL, "--report-s, --only, --hold: no such time or link");
	return r;
}

static int read_options(int argc, char **argv, struct options *options, struct err *err)
{
	static const struct option known[] = {{"state", 1, NULL, 's'}, {"month", 1, NULL, 'm'},
		{"points", 0, NULL, 'p'}, {"links", 1, NULL, 'n'}, {"months", 1, NULL, 'n'},
		{"days", 1, NULL, 'n'}, {"seed", 1, NULL, 'n'}, {"report-s", 1, NULL, 'n'},
		{"duplicate-ppm", 1, NULL, 'n'}, {"only", 1, NULL, 'n'}, {"hold", 1, NULL, 'n'},
		{"held", 1, NULL, 'n'}, {"registry-only", 0, NULL, 'r'}, {NULL}};
	int key, place = 0, r = 0;

	while (r == 0 && (key = getopt_long(argc, argv, "", known, &place)) != -1) {
		if (key == 's')
			options->state = optarg;
		else if (key == 'm')
			options->month = optarg;
		else if (key == 'p')
			options->points = true;
		else if (key == 'r')
			options->registry_only = true;
		else if (key == 'n')
			r = take_option(options, known[place].name, optarg, err);
		else
			r = err_set(err, -EINVAL, "see above");
	}
	if (r == 0 && (optind < argc || options->points == (options->state != NULL)))
		r = err_set(err, -EINVAL, "either --state or --points, and nothing else");
	return r < 0 ? r : find_span(options, err);
}

static void say(const struct sink_counts *counts, struct seglog_pos end)
{
	fprintf(stderr,
		"{\"slots\": %" PRIu64 ", \"records\": %" PRIu64 ", \"duplicates\": %" PRIu64
		", \"bytes\": %" PRIu64 ", \"end\": \"%" PRIu64 " %" PRIu64 "\"}\n",
		counts->slots, counts->records, counts->duplicates, counts->bytes, end.segment,
		end.record);
}

static int write_points(const struct options *options, struct err *err)
{
	struct point_sink sink = {.out = stdout};
	int r = province_live(&options->plan, point_sink_take, &sink);

	if (r == 0 && fflush(stdout))
		r = -errno;
	if (r < 0)
		return err_errno(err, r, "standard output");
	say(&sink.counts, (struct seglog_pos){0, 0});
	return 0;
}

static int write_journal(const struct options *options, struct err *err)
{
	struct province_plan plan = options->plan;
	struct journal_sink sink;
	struct seglog_pos end;
	int r = options->held_only ? 0 : enrol_province(options->state, &plan, err);

	if (r == 0 && options->registry_only)
		say(&(struct sink_counts){0}, (struct seglog_pos){0, 0});
	if (r < 0 || options->registry_only)
		return r;
	r = journal_sink_init(&sink, options->state, err);
	if (r < 0)
		return r;
	sink.duplicate_ppm = options->duplicate_ppm;
	sink.hold = options->hold;
	sink.hold_from_s = plan.from_s + MARGIN_S + HOLD_FROM_DAY * DAY_S;
	sink.hold_to_s = sink.hold_from_s + HOLD_DAYS * DAY_S;
	sink.held_only = options->held_only;
	plan.only = options->held_only ? options->hold : 0;
	r = province_live(&plan, journal_sink_take, &sink);
	if (r < 0)
		err_errno(err, r, "journal in %s", options->state);
	else
		r = journal_sink_end(&sink, &end, err);
	if (r == 0)
		say(&sink.counts, end);
	journal_sink_done(&sink);
	return r;
}

int main(int argc, char **argv)
{
	struct options options = {
		.plan = {.links = 50, .seed = 1, .report_s = 60},
		.month = "2026-04",
		.months = 1,
		.duplicate_ppm = 2000,
	};
	struct err err = {0};
	int r;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage_text, stdout);
		return 0;
	}
	if (read_options(argc, argv, &options, &err) < 0) {
		fprintf(stderr, "invent-month: %s\n", err.text);
		return 2;
	}
	r = options.points ? write_points(&options, &err) : write_journal(&options, &err);
	if (r < 0)
		fprintf(stderr, "invent-month: %s\n", err.text);
	return r < 0 ? 1 : 0;
}
