/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The question that everything is built for: a month's figures, per link and contract or summed by
 * region or provider, and its outages. Joins the registry (contracts, exclusions), the ledger
 * (slots) and the pure judgement of collector/ledger. Rows are plain structs; how they are printed
 * is the caller's business.
 */
#ifndef PANTAU_STORE_SLA_H
#define PANTAU_STORE_SLA_H

#include "collector/ledger/month.h"
#include "collector/ledger/outage.h"
#include "collector/ledger/ttr.h"
#include "collector/store/ledger_db.h"
#include "collector/store/registry.h"

enum sla_by { SLA_BY_LINK, SLA_BY_DESA, SLA_BY_KECAMATAN, SLA_BY_KABUPATEN, SLA_BY_PROVIDER };
int sla_by_parse(const char *name); /* "link", "desa", ...; -1 for a word that is none */

struct sla_query {
	const char *month; /* "2026-01", in each link's own zone */
	int64_t as_of_s; /* now, or what the person asked for */
	struct registry_filter filter;
	enum sla_by by;
	bool no_quality; /* sla_rows(): without RTT, loss and PDV, the dearest of an open day */
	bool no_evidence; /* sla_outages(): from when to when and why, and nothing that slots say */
	bool excluded_too; /* sla_outages(): those as well of which every D second is excluded */
};

struct sla_figures { /* of U seconds in P minus E, from scheduled ICMP probes to the internet */
	bool has_rtt, has_loss;
	int64_t rtt_median_us, rtt_p95_us, pdv_p95_us;
	int64_t loss_ppm;
	int64_t speed_tests; /* done, in P minus E */
	bool has_down, has_up;
	int64_t down_median_kbps, up_median_kbps;
	bool has_speed_verdict; /* the row's contract says how speed is judged */
	enum verdict speed_verdict;
};

struct sla_row {
	char period[8];
	int64_t as_of_s; /* not after the month's end */
	bool open; /* as_of lies inside the month: verdict and restitution may change */
	const char *revision; /* "sementara"; borrowed for ever */
	/* BY_LINK: all of it. Otherwise what all links of the row share; 0 and "" elsewhere. */
	int64_t link, contract;
	char desa[REGION_CODE_BYTES], kecamatan[REGION_CODE_BYTES], kabupaten[REGION_CODE_BYTES];
	char provider[REGISTRY_NAME_BYTES];
	bool has_target; /* BY_LINK, and groups whose rows have one and the same */
	uint32_t target_ppm;
	bool heard; /* BY_LINK: the link was ever heard of. Not in a row that was read back */
	uint32_t kbps_down, kbps_up; /* BY_LINK: of the contract; likewise */
	bool has_verdict; /* BY_LINK only: a group has none of its own */
	struct month_row month; /* segment: 0, 0 in groups; `counted` is empty in groups */
	struct sla_figures figures;
	/* Groups only. A link with several contracts in the month counts once, by its worst row. */
	uint32_t links_met, links_missed, links_undecided, links_never;
};

struct sla_source {
	struct registry *registry;
	struct ledger_db *ledger; /* NULL: nothing was ever heard */
};

/* Rows by link and contract, or by the group's key.
 * -EINVAL for month or filter. `each` as in registry.h. */
int sla_rows(const struct sla_source *source, const struct sla_query *query,
	int (*each)(void *arg, const struct sla_row *row), void *arg, struct err *err);

#define SLA_OBJECTIONS_BYTES 64 /* the numbers of a few; more are cut */

struct sla_outage {
	int64_t link, contract;
	char desa[REGION_CODE_BYTES];
	char provider[REGISTRY_NAME_BYTES];
	int64_t start_s,
		end_s; /* as counted, whole length; end_s of a running one: as far as known */
	int64_t first_lost_us, first_answered_us; /* evidence, UTC; 0: there is none */
	enum down_cause cause;
	int64_t d_s, n_s; /* of the whole outage; its length lies in [d_s, d_s + n_s] */
	bool unclear; /* "perlu klarifikasi" */
	bool running; /* "masih berlangsung" */
	bool excluded; /* "dikecualikan": no second of it counts in the month */
	int64_t span_from_s, span_to_s; /* with the N that adjoins; SPAN_FOREVER while it runs */
	struct ttr ttr; /* from its start */
	struct sla_papers {
		char objections[SLA_OBJECTIONS_BYTES]; /* unanswered: "3; 5"; "" none */
		char ticket[REGISTRY_NAME_BYTES]; /* the number of the first one; "" none */
		int64_t ticket_opened_s;
	} papers;
	struct ttr ticket_ttr; /* from its opening; only with a ticket */
};

/* Outages with D in P minus E, by link and start; query->by is not read. */
int sla_outages(const struct sla_source *source, const struct sla_query *query,
	int (*each)(void *arg, const struct sla_outage *outage), void *arg, struct err *err);
/* "", "perlu klarifikasi", "masih berlangsung" or both with "; " between, or that it is excluded.
 * Borrowed for ever. */
const char *sla_outage_note(const struct sla_outage *outage);

#endif
