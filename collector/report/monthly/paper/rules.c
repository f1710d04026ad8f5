/* SPDX-License-Identifier: Apache-2.0 */
/* The contracts' rules: each set of terms once, with how many contracts share it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/ledger/service.h"
#include "collector/report/monthly/paper/parts.h"

#define LABEL_WIDTH 130.0
#define RULES_SHOWN 6 /* a programme has one to three */
#define TEXT_BYTES 480
#define FACTS_MAX 12

struct ruling { /* the facts of one rule, and their texts */
	struct job *job;
	struct paper_fact facts[FACTS_MAX];
	char texts[FACTS_MAX][TEXT_BYTES];
	size_t count;
};

static char *add(struct ruling *ruling, const char *label)
{
	char *text = ruling->texts[ruling->count];

	ruling->facts[ruling->count++] = (struct paper_fact){label, text, FACT_PLAIN};
	*text = '\0';
	return text;
}

/* Millionths as a percentage, without zeros that say nothing. */
static const char *say_ppm(struct job *job, uint32_t ppm, char text[SAY_BYTES])
{
	char *end;

	say_decimal(&job->say, ppm, 4, text);
	end = text + strlen(text);
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == ',' || end[-1] == '.')
		*--end = '\0';
	strcat(text, " %");
	return text;
}

static void add_target(struct ruling *ruling, const struct terms *terms)
{
	struct job *job = ruling->job;
	char text[SAY_BYTES];

	snprintf(add(ruling, job_pick(job, "Target ketersediaan", "Target")), TEXT_BYTES, "%s",
		say_ppm(job, terms->target_ppm, text));
	ruling->facts[ruling->count - 1].weight = FACT_STRONG;
	snprintf(add(ruling, job_pick(job, "Jendela W", "Window W")), TEXT_BYTES,
		job_pick(job,
			"%" PRIu32 " detik: gangguan yang lebih pendek dimaafkan, dan pulih yang "
			"lebih pendek tidak mengakhiri gangguan",
			"%" PRIu32 " seconds: a shorter failure is forgiven, and a shorter "
			"recovery ends no outage"),
		terms->window_s);
	snprintf(add(ruling, job_pick(job, "Ambang C, jembatan B", "Threshold C, bridge B")),
		TEXT_BYTES,
		job_pick(job,
			"slot buruk bila lebih dari %s putaran hilang; celah sampai %" PRIu32
			" detik dijembatani",
			"a slot is bad when more than %s of its rounds are lost; holes up to "
			"%" PRIu32 " seconds are bridged"),
		say_ppm(job, terms->loss_threshold_ppm, text), terms->bridge_s);
}

static void add_causes(struct ruling *ruling, const struct terms *terms)
{
	struct job *job = ruling->job;
	char *text = add(ruling, job_pick(job, "Tidak dibebankan", "Not charged"));
	int at = 0;

	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (terms->uncharged >> i & 1)
			at += snprintf(text + at, TEXT_BYTES - (size_t)at, "%s%s", at ? ", " : "",
				grids_cause(
					down_cause_name((enum down_cause)i), job->say.language));
	}
	if (!at)
		snprintf(text, TEXT_BYTES, "%s", job_pick(job, "tidak ada", "none"));
	snprintf(add(ruling, job_pick(job, "Padam listrik", "Without power")), TEXT_BYTES, "%s",
		terms->power == POWER_EXCLUDE
			? job_pick(job, "dikecualikan menurut kontrak", "excluded by the contract")
			: job_pick(job, "tak tentu, kecuali pejabat mengecualikannya",
				  "undetermined, unless an officer excludes it"));
}

static const char *formula_text(enum formula formula)
{
	static const char *const texts[FORMULA_COUNT] = {
		[FORMULA_PRORATA] = "F \u00d7 Y / Z",
		[FORMULA_PRORATA_SLA] = "F \u00d7 Y / (Z \u00d7 s)",
		[FORMULA_EXCESS] = "F \u00d7 max(0, Y - (1 - s) \u00d7 (S - E)) / Z",
		[FORMULA_SHORTFALL] = "F \u00d7 (S - E) / Z \u00d7 max(0, s - A) / s",
		[FORMULA_BANDS] = "F \u00d7 (S - E) / Z \u00d7 y",
	};

	return texts[formula];
}

static void add_bands(struct ruling *ruling, const struct terms *terms)
{
	struct job *job = ruling->job;
	char below[SAY_BYTES], pay[SAY_BYTES], *text;
	int at = 0;

	if (!terms->band_count)
		return;
	text = add(ruling, job_pick(job, "Tabel y", "Table of y"));
	for (uint32_t i = 0; i < terms->band_count; i++)
		at += snprintf(text + at, TEXT_BYTES - (size_t)at, "%sA < %s: %s", at ? "; " : "",
			say_ppm(job, terms->bands[i].below_ppm, below),
			say_ppm(job, terms->bands[i].pay_ppm, pay));
}

static void add_money(struct ruling *ruling, const struct report_rule *rule)
{
	struct job *job = ruling->job;
	const struct terms *terms = &rule->contract.terms;
	char text[SAY_BYTES];

	snprintf(add(ruling, job_pick(job, "Rumus restitusi", "Restitution")), TEXT_BYTES,
		job_pick(job,
			"%s:  %s.  F biaya sebulan sebelum PPN, Y waktu mati yang dibebankan, Z "
			"detik kontrak sebulan penuh, s target, A = 1 - Y / (S - E). Paling banyak "
			"F \u00d7 S / Z.",
			"%s:  %s.  F monthly fee before VAT, Y charged downtime, Z contracted "
			"seconds of the whole month, s target, A = 1 - Y / (S - E). Never more "
			"than F \u00d7 S / Z."),
		formula_name(terms->formula), formula_text(terms->formula));
	add_bands(ruling, terms);
	snprintf(add(ruling, job_pick(job, "Jumlah biaya sebulan", "Fees a month")), TEXT_BYTES,
		"%s", say_rupiah(&job->say, rule->fees, text));
}

static void add_speed(struct ruling *ruling, const struct terms *terms)
{
	struct job *job = ruling->job;
	char rate[SAY_BYTES], share[SAY_BYTES], *text;

	text = add(ruling, job_pick(job, "Kecepatan", "Speed"));
	if (!terms->speed.rate_ppm) {
		snprintf(text, TEXT_BYTES, "%s",
			job_pick(job, "tidak dinilai oleh kontrak", "not judged by the contract"));
		return;
	}
	snprintf(text, TEXT_BYTES,
		job_pick(job,
			"sedikitnya %s dari kecepatan kontrak dalam sedikitnya %s dari %" PRIu32
			" uji atau lebih, pada sedikitnya %" PRIu32 " hari",
			"at least %s of the contracted rate in at least %s of %" PRIu32
			" tests or more, on at least %" PRIu32 " days"),
		say_ppm(job, terms->speed.rate_ppm, rate),
		say_ppm(job, terms->speed.share_ppm, share), terms->speed.tests, terms->speed.days);
}

static void add_times(struct ruling *ruling, const struct terms *terms)
{
	struct job *job = ruling->job;
	char service[SERVICE_TEXT_BYTES], *text;

	text = add(ruling, job_pick(job, "Jam layanan", "Service hours"));
	if (terms->service.count) {
		service_format(&terms->service, service);
		snprintf(text, TEXT_BYTES, "%s", service);
	} else {
		snprintf(text, TEXT_BYTES, "%s", job_pick(job, "setiap saat", "always"));
	}
	snprintf(add(ruling, job_pick(job, "Tenggat", "Terms")), TEXT_BYTES,
		job_pick(job,
			"pemeliharaan diberitahukan %" PRIu32 " jam sebelumnya; gangguan "
			"diberitahukan kepada penyedia dalam %" PRIu32 " hari",
			"maintenance is announced %" PRIu32 " hours before; the provider is told "
			"of an outage within %" PRIu32 " days"),
		terms->notice_s / 3600, terms->claim_days);
}

static void fill(struct ruling *ruling, struct job *job, const struct report_rule *rule)
{
	const struct terms *terms = &rule->contract.terms;

	*ruling = (struct ruling){.job = job};
	add_target(ruling, terms);
	add_causes(ruling, terms);
	add_money(ruling, rule);
	add_speed(ruling, terms);
	add_times(ruling, terms);
}

/* Every one of them says the same under this label. */
static bool is_shared(const struct ruling *rulings, size_t count, const struct paper_fact *fact)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;

		while (at < rulings[i].count && strcmp(rulings[i].facts[at].label, fact->label))
			at++;
		if (at == rulings[i].count || strcmp(rulings[i].facts[at].value, fact->value))
			return false;
	}
	return true;
}

/* The facts that all share, or those that they don't. */
static void draw_facts(
	const struct ruling *rulings, size_t count, const struct ruling *of, bool shared)
{
	struct paper_fact facts[FACTS_MAX + 1] = {0};
	size_t chosen = 0;

	for (size_t i = 0; i < of->count; i++) {
		if (is_shared(rulings, count, &of->facts[i]) == shared)
			facts[chosen++] = of->facts[i];
	}
	facts_draw(of->job->paper, facts, LABEL_WIDTH);
}

static void draw_rules(struct job *job, struct ruling *rulings, size_t count)
{
	const struct report *report = job->report;
	char title[TEXT_BYTES], contracts[SAY_BYTES];

	for (size_t i = 0; i < count; i++)
		fill(&rulings[i], job, &report->rules[i]);
	if (count > 1) {
		paper_subheading(job->paper,
			job_pick(job, "Aturan semua kontrak", "Rules of all contracts"));
		draw_facts(rulings, count, &rulings[0], true);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(title, sizeof(title),
			job_pick(job, "Aturan %zu, berlaku untuk %s kontrak",
				"Rule %zu, of %s contracts"),
			i + 1,
			say_count(&job->say, (int64_t)report->rules[i].contracts, contracts));
		paper_need(job->paper, 110);
		paper_subheading(job->paper, title);
		draw_facts(rulings, count, &rulings[i], false);
		if (count == 1)
			draw_facts(rulings, count, &rulings[i], true);
	}
}

void part_rules(struct job *job)
{
	const struct report *report = job->report;
	size_t count = report->rule_count < RULES_SHOWN ? report->rule_count : RULES_SHOWN;
	struct ruling rulings[RULES_SHOWN];
	char text[TEXT_BYTES];

	draw_rules(job, rulings, count);
	if (report->rule_count <= RULES_SHOWN)
		return;
	snprintf(text, sizeof(text),
		job_pick(job,
			"Selain itu ada %zu aturan lain; syarat setiap kontrak ada dalam dokumen "
			"bulan yang ditutup.",
			"There are %zu more; the terms of each contract are in the closed month's "
			"document."),
		report->rule_count - RULES_SHOWN);
	paper_paragraph(job->paper, text);
}
