/* SPDX-License-Identifier: Apache-2.0 */
/* Outages, exclusions and the terms of the contracts, as far as they are of this kabupaten. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/closing/contract_text.h"
#include "collector/report/monthly/data.h"
#include "collector/report/monthly/names.h"

/* ---- outages */

static int read_outage(struct report_making *making, size_t i, struct report_outage *outage)
{
	const struct document_table *table = document_table(
		making->report->document, TABLE_OUTAGES);
	const struct report_link *link = report_find_link(making, report_number(table, i, "link"));
	char kecamatan[REGION_CODE_BYTES];
	int r;

	if (!link)
		return 0;
	*outage = (struct report_outage){
		.link = link->id,
		.contract = report_number(table, i, "contract"),
		.desa_code = link->desa,
		.provider = link->provider,
		.zone = link->zone,
		.offset_s = link->offset_s,
		.start_s = report_time(table, i, "start"),
		.end_s = report_time(table, i, "end"),
		.lost_s = report_time(table, i, "first_lost"),
		.answered_s = report_time(table, i, "first_answered"),
		.cause = report_text(table, i, "cause"),
		.note = report_text(table, i, "note"),
		.ticket = report_text(table, i, "ticket"),
		.objection = report_text(table, i, "objection"),
		.d_s = report_number(table, i, "d"),
		.n_s = report_number(table, i, "n"),
	};
	outage->unclear = strstr(outage->note, "perlu klarifikasi");
	region_parent(link->desa, REGION_KECAMATAN, kecamatan);
	r = names_find(making->report->names, link->desa, &outage->desa, making->err);
	if (r == 0)
		r = names_find(making->report->names, kecamatan, &outage->kecamatan, making->err);
	return r == 0 ? 1 : r;
}

static int by_start(const void *left, const void *right)
{
	const struct report_outage *a = left, *b = right;
	int order = (a->start_s > b->start_s) - (a->start_s < b->start_s);

	return order ? order : (a->link > b->link) - (a->link < b->link);
}

static int fill_outages(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_OUTAGES);
	int r = 0;

	report->outages = calloc(table->row_count + 1, sizeof(*report->outages));
	if (!report->outages)
		return report_no_memory(making);
	for (size_t i = 0; r >= 0 && i < table->row_count; i++) {
		r = read_outage(making, i, &report->outages[report->outage_count]);
		report->outage_count += r > 0;
	}
	if (report->outage_count)
		qsort(report->outages, report->outage_count, sizeof(*report->outages), by_start);
	return r < 0 ? r : 0;
}

/* ---- exclusions */

static enum exclusion_scope scope_of(const char *name)
{
	for (int i = 0; i < SCOPE_COUNT; i++) {
		if (!strcmp(exclusion_scope_name((enum exclusion_scope)i), name))
			return (enum exclusion_scope)i;
	}
	return SCOPE_COUNT;
}

/* How many links it reaches, and the zone of the first. */
static void count_reach(const struct report_making *making, struct report_exclusion *exclusion)
{
	struct registry_exclusion asked = {.scope = scope_of(exclusion->scope)};

	snprintf(asked.value, sizeof(asked.value), "%s", exclusion->value);
	for (size_t i = 0; i < making->link_count; i++) {
		const struct report_link *link = &making->links[i];
		struct registry_link as_entered = {.id = link->id};

		snprintf(as_entered.desa, sizeof(as_entered.desa), "%s", link->desa);
		snprintf(as_entered.provider, sizeof(as_entered.provider), "%s", link->provider);
		if (!registry_exclusion_reaches(&asked, &as_entered))
			continue;
		if (!exclusion->links++)
			exclusion->offset_s = link->offset_s;
	}
}

static bool needs_second(const char *reason)
{
	int parsed = exclusion_reason_parse(reason);

	return parsed == EXCLUSION_FORCE_MAJEURE || parsed == EXCLUSION_CUSTOMER;
}

static int name_place(struct report_making *making, struct report_exclusion *exclusion)
{
	const struct report_link *link;

	exclusion->place = "";
	switch (scope_of(exclusion->scope)) {
	case SCOPE_LINK:
		link = report_find_link(making, strtoll(exclusion->value, NULL, 10));
		return link ? names_find(making->report->names, link->desa, &exclusion->place,
				      making->err)
			    : 0;
	case SCOPE_DESA:
	case SCOPE_KECAMATAN:
	case SCOPE_KABUPATEN:
		return names_find(
			making->report->names, exclusion->value, &exclusion->place, making->err);
	default: return 0;
	}
}

static int read_exclusion(struct report_making *making, size_t i, struct report_exclusion *ret)
{
	const struct document_table *table = document_table(
		making->report->document, TABLE_EXCLUSIONS);

	*ret = (struct report_exclusion){
		.id = report_number(table, i, "exclusion"),
		.from_s = report_time(table, i, "from"),
		.to_s = report_time(table, i, "to"),
		.entered_s = report_time(table, i, "entered"),
		.scope = report_text(table, i, "scope"),
		.value = report_text(table, i, "value"),
		.reason = report_text(table, i, "reason"),
		.by = report_text(table, i, "by"),
		.second = report_text(table, i, "second"),
		.document = report_text(table, i, "document"),
		.note = report_text(table, i, "note"),
	};
	count_reach(making, ret);
	if (!ret->links)
		return 0;
	ret->waits = needs_second(ret->reason) && (!*ret->second || !*ret->document);
	return name_place(making, ret);
}

static int fill_exclusions(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_EXCLUSIONS);
	int r = 0;

	report->exclusions = calloc(table->row_count + 1, sizeof(*report->exclusions));
	if (!report->exclusions)
		return report_no_memory(making);
	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		struct report_exclusion *exclusion = &report->exclusions[report->exclusion_count];

		r = read_exclusion(making, i, exclusion);
		report->exclusion_count += exclusion->links != 0;
	}
	return r;
}

/* ---- terms: contracts that differ in nothing but link, time, speed and fee share a rule */

static bool is_own(const char *column)
{
	static const char *const own[] = {
		"contract", "link", "kbps_down", "kbps_up", "fee", "from", "to"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		if (!strcmp(own[i], column))
			return true;
	}
	return false;
}

static bool same_rule(const struct document_table *table, size_t a, size_t b)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (!is_own(table->keys[i]) &&
			strcmp(document_cell(table, a, (int)i), document_cell(table, b, (int)i)))
			return false;
	}
	return true;
}

static int add_rule(
	struct report_making *making, const struct document_table *table, size_t i, size_t *firsts)
{
	struct report *report = making->report;
	struct report_rule *rule;
	size_t at = 0;
	int r = 0;

	while (at < report->rule_count && !same_rule(table, i, firsts[at]))
		at++;
	rule = &report->rules[at];
	if (at == report->rule_count) {
		r = contract_parse(table, i, &rule->contract, making->err);
		firsts[report->rule_count++] = i;
	}
	rule->contracts++;
	rule->fees += report_number(table, i, "fee");
	return r;
}

static int most_contracts(const void *left, const void *right)
{
	const struct report_rule *a = left, *b = right;

	if (a->contracts != b->contracts)
		return a->contracts < b->contracts ? 1 : -1;
	return (a->contract.id > b->contract.id) - (a->contract.id < b->contract.id);
}

static int fill_rules(struct report_making *making)
{
	struct report *report = making->report;
	const struct document_table *table = document_table(report->document, TABLE_CONTRACTS);
	size_t *firsts = calloc(table->row_count + 1, sizeof(*firsts));
	int r = 0;

	report->rules = calloc(table->row_count + 1, sizeof(*report->rules));
	if (!firsts || !report->rules)
		r = report_no_memory(making);
	for (size_t i = 0; r == 0 && i < table->row_count; i++) {
		if (report_find_link(making, report_number(table, i, "link")))
			r = add_rule(making, table, i, firsts);
	}
	free(firsts);
	if (r == 0 && report->rule_count)
		qsort(report->rules, report->rule_count, sizeof(*report->rules), most_contracts);
	return r;
}

int report_fill_annex(struct report_making *making)
{
	int r = fill_outages(making);

	if (r == 0)
		r = fill_exclusions(making);
	return r == 0 ? fill_rules(making) : r;
}
