/* SPDX-License-Identifier: Apache-2.0 */
/* A span with the nearest slot on either side, and where its slots are. */
#include "collector/store/ledger_settlement.h"
#include "collector/store/ledger_source.h"

struct finding {
	struct ledger_db *db;
	struct near_sources near;
};

static int64_t plus(int64_t second, int64_t more)
{
	return second == INT64_MIN || second == SPAN_FOREVER ? second : second + more;
}

/* Mostly the neighbours are near: what is found with them is what is loaded, too. */
static int look_near(struct finding *finding, const struct ledger_span *span, int64_t *ret_before,
	int64_t *ret_after, struct err *err)
{
	struct ledger_span near = {
		span->link, plus(span->from_s, -SOURCE_NEAR_S), plus(span->to_s, SOURCE_NEAR_S)};
	struct sources *sources = &finding->near.sources;
	int r;

	sources_done(sources);
	r = sources_find(finding->db, &near, sources, err);
	if (r == 0 && span->from_s != INT64_MIN)
		r = sources_before(finding->db, sources, span->from_s, ret_before, err);
	if (r == 0 && span->to_s != SPAN_FOREVER)
		r = sources_after(finding->db, sources, span->to_s, ret_after, err);
	if (*ret_before < near.from_s) /* not all that lies there was looked at */
		*ret_before = INT64_MIN;
	if (*ret_after >= near.to_s)
		*ret_after = SPAN_FOREVER;
	return r;
}

static int reach(struct finding *finding, const struct ledger_span *span, struct err *err)
{
	int64_t before = INT64_MIN, after = SPAN_FOREVER;
	int r = look_near(finding, span, &before, &after, err);

	finding->near.found = r == 0;
	finding->near.span = *span;
	if (r == 0 && span->from_s != INT64_MIN && before == INT64_MIN) {
		finding->near.found = false;
		r = slot_before(finding->db, span->link, span->from_s, &before, err);
	}
	if (r == 0 && span->to_s != SPAN_FOREVER && after == SPAN_FOREVER) {
		finding->near.found = false;
		r = slot_after(finding->db, span->link, span->to_s, &after, err);
	}
	finding->near.span.from_s = before;
	finding->near.span.to_s = plus(after, 1);
	return r;
}

/* Within what is settled other slots count than those that stand: past it lie the neighbours. */
int sources_near(struct ledger_db *db, const struct ledger_span *span,
	struct near_sources *ret_near, struct err *err)
{
	struct finding finding = {.db = db};
	struct ledger_span wide = *span;
	bool wider = true;
	int r = 0;

	while (r == 0 && wider) {
		r = reach(&finding, &wide, err);
		wide = finding.near.span;
		if (r == 0)
			r = settlements_widen(db->db, &wide, err);
		wider = wide.from_s < finding.near.span.from_s ||
			wide.to_s > finding.near.span.to_s;
	}
	*ret_near = finding.near;
	return r;
}
