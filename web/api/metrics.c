/* SPDX-License-Identifier: Apache-2.0 */
/* GET /metrics: what Prometheus reads: the processes, the links, and this server itself. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "collector/store/registry_renewal.h"
#include "common/clock.h"
#include "web/board.h"
#include "web/exposition.h"
#include "web/params.h"
#include "web/process_metrics.h"
#include "web/site.h"

static void write_health(struct exposition *to, struct site *site)
{
	struct monitor_health health;

	monitor_health(site->monitor, &health);
	exposition_head(to, "pantau_part_ok", "gauge", "1 when the part works, as in /healthz.");
	for (int i = 0; i < PART_COUNT; i++) {
		const struct label labels[] = {
			{"part", monitor_part_name((enum monitor_part)i)}, {NULL}};

		exposition_sample(to, "pantau_part_ok", labels, health.parts[i].ok);
	}
}

static void write_web(struct exposition *to, struct site *site)
{
	struct feed_counts counts = feed_counts(site->feed);

	exposition_head(to, "pantau_web_responses_total", "counter", "Answers, by their status.");
	for (int class = 2; class < SITE_CLASSES; class ++) {
		char code[] = {(char)('0' + class), 'x', 'x', '\0'};
		const struct label labels[] = {{"code", code}, {NULL}};

		exposition_sample(to, "pantau_web_responses_total", labels,
			(double)atomic_load(&site->answers[class]));
	}
	exposition_head(to, "pantau_web_event_clients", "gauge", "Pages that watch now.");
	exposition_sample(to, "pantau_web_event_clients", NULL, (double)counts.clients);
	exposition_head(
		to, "pantau_web_event_clients_total", "counter", "Pages that ever watched.");
	exposition_sample(to, "pantau_web_event_clients_total", NULL, (double)counts.served);
	exposition_head(to, "pantau_web_event_resets_total", "counter",
		"Pages told to start over because what they missed was no longer there.");
	exposition_sample(to, "pantau_web_event_resets_total", NULL, (double)counts.resets);
	exposition_head(to, "pantau_web_event_drops_total", "counter",
		"Streams ended because what comes next could not be read.");
	exposition_sample(to, "pantau_web_event_drops_total", NULL, (double)counts.dropped);
	exposition_head(to, "pantau_web_event_head", "gauge", "Id of the newest event seen.");
	exposition_sample(to, "pantau_web_event_head", NULL, (double)counts.head);
	exposition_head(to, "pantau_web_start_time_seconds", "gauge", "When this server started.");
	exposition_sample(to, "pantau_web_start_time_seconds", NULL, (double)site->started_s);
}

/* ---- links */

static double link_up(const struct ledger_live *live)
{
	if (live->state == LIVE_UP || live->state == LIVE_DOWN)
		return live->state == LIVE_UP;
	return NAN; /* what is not known is neither */
}

static double link_report(const struct ledger_live *live)
{
	return live->heard_us ? (double)live->heard_us / 1e6 : NAN;
}

static double link_rtt(const struct ledger_live *live)
{
	return live->rtt_us == LIVE_NONE ? NAN : live->rtt_us / 1e6;
}

static double link_loss(const struct ledger_live *live)
{
	return live->loss_ppm == LIVE_NONE ? NAN : live->loss_ppm / 1e6;
}

static const struct {
	const char *name, *help;
	double (*read)(const struct ledger_live *live);
} link_metrics[] = {
	{"pantau_link_up", "1 up, 0 down, NaN when neither is known.", link_up},
	{"pantau_link_last_report_seconds", "When the last record came.", link_report},
	{"pantau_link_rtt_seconds", "Median round-trip time of the last five slots.", link_rtt},
	{"pantau_link_loss_ratio", "Probe loss in the last five slots.", link_loss},
};

static void write_link(
	struct exposition *to, const char *name, const struct board_row *row, double value)
{
	char id[24], kabupaten[REGION_CODE_BYTES];
	const struct label labels[] = {{"link", id}, {"desa", row->link.desa},
		{"kabupaten", kabupaten}, {"provider", row->link.provider}, {NULL}};

	snprintf(id, sizeof(id), "%" PRId64, row->link.id);
	region_parent(row->link.desa, REGION_KABUPATEN, kabupaten);
	exposition_sample(to, name, labels, value);
}

static void write_states(struct exposition *to, const struct board *board)
{
	size_t counts[LIVE_COUNT] = {0};

	for (size_t i = 0; i < board->count; i++)
		counts[board->rows[i].live.state]++;
	exposition_head(to, "pantau_links", "gauge", "Links, by their live state.");
	for (int state = 0; state < LIVE_COUNT; state++) {
		const struct label labels[] = {
			{"state", live_state_name((enum live_state)state)}, {NULL}};

		exposition_sample(to, "pantau_links", labels, (double)counts[state]);
	}
}

static void write_board(struct exposition *to, const struct board *board)
{
	size_t count = board->count < METRICS_LINKS_MAX ? board->count : METRICS_LINKS_MAX;

	write_states(to, board);
	for (size_t m = 0; m < sizeof(link_metrics) / sizeof(link_metrics[0]); m++) {
		exposition_head(to, link_metrics[m].name, "gauge", link_metrics[m].help);
		for (size_t i = 0; i < count; i++)
			write_link(to, link_metrics[m].name, &board->rows[i],
				link_metrics[m].read(&board->rows[i].live));
	}
}

static int write_renewal(struct exposition *to, const struct books *books, struct err *err)
{
	struct renewal_counts counts;
	int r = renewal_count(books->registry, clock_utc_us() / 1000000, &counts, err);

	if (r < 0)
		return r;
	exposition_head(to, "pantau_certificates_waiting", "gauge",
		"Requests of agents whose certificates expired, which wait for a person.");
	exposition_sample(to, "pantau_certificates_waiting", NULL, (double)counts.parked);
	exposition_head(to, "pantau_certificates_late", "gauge",
		"Agents' certificates that end soon and are not renewed.");
	exposition_sample(to, "pantau_certificates_late", NULL, (double)counts.late);
	exposition_head(
		to, "pantau_certificates_expired", "gauge", "Agents whose certificate is over.");
	exposition_sample(to, "pantau_certificates_expired", NULL, (double)counts.expired);
	return 0;
}

/* Without a registry there are no links, and the rest is still worth reading. */
static int write_links(struct exposition *to, const char *state, struct response *ret)
{
	const struct registry_filter all = {0};
	struct err err = {0};
	struct books books;
	struct board board;
	int r = books_try(state, &books, &err);

	if (r == -ENOENT)
		return 0;
	if (r == 0) {
		r = write_renewal(to, &books, &err);
		if (r == 0)
			r = board_read(&books, &all, &board, &err);
		if (r == 0) {
			write_board(to, &board);
			board_done(&board);
		}
		books_close(&books);
	}
	if (r < 0)
		books_failed("metrics", &err, ret);
	return r;
}

struct lent {
	struct exposition *to;
	double events_head;
};

static void write_processes(void *arg, const struct status *ingest, const struct status *ledger)
{
	const struct lent *lent = arg;

	process_metrics_write(lent->to, ingest, ledger, lent->events_head);
}

void api_metrics(struct site *site, const struct request *request, struct response *ret)
{
	static const char *const known[] = {NULL};
	struct exposition to = {.out = &ret->body};
	struct lent lent;

	if (!params_known(request, known, ret))
		return;
	if (!accounts_shows_metrics(site->accounts, request)) {
		response_error(ret, 403, "the metrics are for this machine and the desk");
		return;
	}
	write_health(&to, site);
	lent = (struct lent){&to, (double)feed_counts(site->feed).head};
	monitor_lend(site->monitor, write_processes, &lent);
	write_web(&to, site);
	if (write_links(&to, site->state, ret) < 0)
		return;
	if (to.failed)
		response_error(ret, 503, "the metrics do not fit into memory");
	else
		ret->type = EXPOSITION_TYPE;
}
