/* SPDX-License-Identifier: Apache-2.0 */
/* What the resources of the API may use, made by web.c. And what they count. */
#ifndef PANTAU_WEB_SITE_H
#define PANTAU_WEB_SITE_H

#include <stdatomic.h>
#include <stdint.h>

#include "collector/report/monthly/letterhead.h"
#include "web/account/accounts.h"
#include "web/daybook.h"
#include "web/feed.h"
#include "web/http.h"
#include "web/monitor.h"
#include "web/yearbook.h"

struct showcase;

#define SITE_CLASSES 6 /* answers by the hundreds of their status; 0 is not used */

struct site {
	const char *state; /* the folder; borrowed */
	const char *banner; /* across every page, "": none; borrowed */
	const struct letterhead *letterhead; /* of the reports; borrowed */
	const char *tiles; /* of the map, as a URL with {z}, {x}, {y}; "": none; borrowed */
	const char *boundaries; /* of the map, a file of GeoJSON; "": none; borrowed */
	struct accounts *accounts; /* borrowed, as all below */
	struct feed *feed;
	struct monitor *monitor;
	struct daybook *daybook;
	struct yearbook *yearbook;
	struct showcase *showcase; /* web/open/showcase.h */
	int64_t started_s; /* UTC */
	atomic_uint_fast64_t answers[SITE_CLASSES];
};

/* Each answers one resource: web/api/NAME.c, web/open/. Several run at once. */
void page_home(struct site *site, const struct request *request, struct response *ret);
void api_session(struct site *site, const struct request *request, struct response *ret);
void api_session_begin(struct site *site, const struct request *request, struct response *ret);
void api_session_end(struct site *site, const struct request *request, struct response *ret);
void api_desa(struct site *site, const struct request *request, struct response *ret);
void api_boundaries(struct site *site, const struct request *request, struct response *ret);
void api_sla(struct site *site, const struct request *request, struct response *ret);
void api_outages(struct site *site, const struct request *request, struct response *ret);
void api_explain(struct site *site, const struct request *request, struct response *ret);
void api_samples(struct site *site, const struct request *request, struct response *ret);
void api_decisions(struct site *site, const struct request *request, struct response *ret);
void api_decisions_log(struct site *site, const struct request *request, struct response *ret);
void api_objections(struct site *site, const struct request *request, struct response *ret);
void api_claims(struct site *site, const struct request *request, struct response *ret);
void api_events(struct site *site, const struct request *request, struct response *ret);
void api_comparison(struct site *site, const struct request *request, struct response *ret);
void api_targets(struct site *site, const struct request *request, struct response *ret);
void api_contract_end(struct site *site, const struct request *request, struct response *ret);
void api_exclusions(struct site *site, const struct request *request, struct response *ret);
void api_exclusion_add(struct site *site, const struct request *request, struct response *ret);
void api_exclusion_confirm(struct site *site, const struct request *request, struct response *ret);
void api_exclusion_revoke(struct site *site, const struct request *request, struct response *ret);
void api_decisions_dismiss(struct site *site, const struct request *request, struct response *ret);
void api_decisions_dispute(struct site *site, const struct request *request, struct response *ret);
void api_decisions_revoke(struct site *site, const struct request *request, struct response *ret);
void api_objection_add(struct site *site, const struct request *request, struct response *ret);
void api_objection_answer(struct site *site, const struct request *request, struct response *ret);
void api_link(struct site *site, const struct request *request, struct response *ret);
void api_link_timeline(struct site *site, const struct request *request, struct response *ret);
void api_link_series(struct site *site, const struct request *request, struct response *ret);
void api_incidents(struct site *site, const struct request *request, struct response *ret);
void api_incident(struct site *site, const struct request *request, struct response *ret);
void api_incident_acknowledge(
	struct site *site, const struct request *request, struct response *ret);
void api_incident_comment(struct site *site, const struct request *request, struct response *ret);
void api_incident_ticket(struct site *site, const struct request *request, struct response *ret);
void api_tickets(struct site *site, const struct request *request, struct response *ret);
void api_ticket_add(struct site *site, const struct request *request, struct response *ret);
void api_ticket_revoke(struct site *site, const struct request *request, struct response *ret);
void api_told_add(struct site *site, const struct request *request, struct response *ret);
void api_told_revoke(struct site *site, const struct request *request, struct response *ret);
void api_users(struct site *site, const struct request *request, struct response *ret);
void api_user_add(struct site *site, const struct request *request, struct response *ret);
void api_user_password(struct site *site, const struct request *request, struct response *ret);
void api_user_remove(struct site *site, const struct request *request, struct response *ret);
void api_password(struct site *site, const struct request *request, struct response *ret);
void api_audit(struct site *site, const struct request *request, struct response *ret);
void api_report(struct site *site, const struct request *request, struct response *ret);
void api_openapi(struct site *site, const struct request *request, struct response *ret);
void api_verify(struct site *site, const struct request *request, struct response *ret);
void page_verify(struct site *site, const struct request *request, struct response *ret);
void page_public(struct site *site, const struct request *request, struct response *ret);
void page_public_data(struct site *site, const struct request *request, struct response *ret);
void page_public_place(struct site *site, const struct request *request, struct response *ret);
void open_home(struct site *site, const struct request *request, struct response *ret);
void open_catalogue(struct site *site, const struct request *request, struct response *ret);
void open_months(struct site *site, const struct request *request, struct response *ret);
void open_links(struct site *site, const struct request *request, struct response *ret);
void open_schema(struct site *site, const struct request *request, struct response *ret);
void open_file(struct site *site, const struct request *request, struct response *ret);
void api_healthz(struct site *site, const struct request *request, struct response *ret);
void api_readyz(struct site *site, const struct request *request, struct response *ret);
void api_metrics(struct site *site, const struct request *request, struct response *ret);

#endif
