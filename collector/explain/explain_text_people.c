/* SPDX-License-Identifier: Apache-2.0 */
/* What people agreed and decided, in words. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/explain/explain_text_private.h"

#define PPM_PERCENT 10000

/* ---- the contract and its rule */

static void say_beside(
	struct words *words, const struct registry_contract *contract, const char *which)
{
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES];

	if (contract->id)
		words_say(words, "  %s: kontrak %" PRId64 ", %s sampai %s.\n",
			"  %s: contract %" PRId64 ", %s to %s.\n", which, contract->id,
			words_time(words, contract->from_s, from),
			words_time(words, contract->to_s, to));
}

static void say_uncharged(struct words *words, uint32_t uncharged)
{
	const char *comma = "";

	for (int i = 0; i < DOWN_CAUSE_COUNT; i++) {
		if (!(uncharged >> i & 1))
			continue;
		words_say(words, "%s%s", "%s%s", comma, down_cause_name((enum down_cause)i));
		comma = ", ";
	}
	if (!*comma)
		words_say(words, "tidak ada", "none");
}

static void say_rule(struct words *words, const struct terms *terms)
{
	char service[SERVICE_TEXT_BYTES];

	words_say(words,
		"  Slot buruk bila ronde hilang lebih dari C = %u.%04u %% dari yang dibuat; tak "
		"diketahui bila dibuat\n  kurang dari setengah yang terjadwal. Celah paling lama "
		"B = %u detik dijembatani. Rangkaian buruk\n  atau baik yang lebih pendek dari "
		"W = %u detik dimaafkan. Tidak dibebankan: ",
		"  A slot is bad when more than C = %u.%04u %% of its rounds are lost; unknown "
		"when "
		"fewer than half of\n  those due were made. A hole of at most B = %u seconds is "
		"bridged. A run of bad or good that is\n  shorter than W = %u seconds is forgiven. "
		"Not charged: ",
		terms->loss_threshold_ppm / PPM_PERCENT, terms->loss_threshold_ppm % PPM_PERCENT,
		terms->bridge_s, terms->window_s);
	say_uncharged(words, terms->uncharged);
	words_say(words, ".\n", ".\n");
	if (terms->service.count) {
		service_format(&terms->service, service);
		words_say(words, "  Jam layanan: %s.\n", "  Service hours: %s.\n", service);
	}
}

void text_contract(struct words *words, const struct explanation *out)
{
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES];
	const struct terms *terms = &out->terms;

	if (out->has_contract) {
		words_say(words, "\nAturan: kontrak %" PRId64 ", %s sampai %s\n",
			"\nRule: contract %" PRId64 ", %s to %s\n", out->contract.id,
			words_time(words, out->contract.from_s, from),
			words_time(words, out->contract.to_s, to));
		words_say(words, "  Target %u.%04u %%, biaya Rp %" PRId64 " sebulan, rumus %s.\n",
			"  Target %u.%04u %%, fee Rp %" PRId64 " a month, formula %s.\n",
			terms->target_ppm / PPM_PERCENT, terms->target_ppm % PPM_PERCENT,
			terms->fee_rupiah, formula_name(terms->formula));
	} else {
		words_say(words,
			"\nAturan: tidak ada kontrak; dinilai dengan aturan baku, untuk dilihat "
			"saja\n",
			"\nRule: no contract; judged by the defaults, to look at only\n");
		say_beside(words, &out->before, words_pick(words, "Sebelumnya", "Before"));
		say_beside(words, &out->after, words_pick(words, "Sesudahnya", "After"));
	}
	say_rule(words, terms);
}

/* ---- exclusions */

/* Why it does not remove the second, where no date or name is needed to say so. */
static void say_short_reach(struct words *words, enum explain_reach reach)
{
	static const struct {
		const char *id, *en;
	} reaches[] = {
		[REACH_COUNTS] = {"Berlaku: detik ini dikecualikan.",
			"It counts: this second is excluded."},
		[REACH_UNCONFIRMED] = {"Tidak berlaku untuk detik mati: belum ada pejabat kedua "
				       "dan dokumen.",
			"Not for downtime: a second officer and a document are missing."},
		[REACH_NOT_POWER] = {"Tidak berlaku: listrik hanya mengecualikan detik tak tentu "
				     "bersebab power.",
			"Not here: power removes only undetermined seconds whose cause is power."},
		[REACH_OTHERWISE] = {"Tidak mengecualikan detik ini.",
			"It does not remove this second."},
	};

	words_say(words, "    %s\n", "    %s\n",
		words_pick(words, reaches[reach].id, reaches[reach].en));
}

static void say_reach(struct words *words, const struct explain_exclusion *item)
{
	const struct registry_exclusion *entry = &item->entry;
	char when[WORDS_TIME_BYTES];

	switch (item->reach) {
	case REACH_REVOKED:
		words_say(words, "    Tidak berlaku: dicabut %s oleh %s: %s\n",
			"    It does not count: revoked %s by %s: %s\n",
			words_time(words, entry->revoked_s, when), entry->revoked_by,
			entry->revoke_note);
		break;
	case REACH_NOTICE:
		words_say(words,
			"    Belum berlaku: pemeliharaan berlaku sejak dicatat ditambah waktu "
			"pemberitahuan, yaitu %s.\n",
			"    Not yet: maintenance counts from its entry plus the notice, "
			"that is %s.\n",
			words_time(words, item->counts_from_s, when));
		break;
	default: say_short_reach(words, item->reach);
	}
}

static void say_exclusion(struct words *words, const struct explain_exclusion *item)
{
	const struct registry_exclusion *entry = &item->entry;
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES], entered[WORDS_TIME_BYTES];

	words_say(words, "  Nomor %" PRId64 ", %s, %s %s, %s sampai %s.\n",
		"  Number %" PRId64 ", %s, %s %s, %s to %s.\n", entry->id,
		exclusion_reason_name(entry->reason), exclusion_scope_name(entry->scope),
		entry->value, words_time(words, entry->from_s, from),
		words_time(words, entry->to_s, to));
	words_say(words, "    Dicatat %s oleh %s: %s\n", "    Entered %s by %s: %s\n",
		words_time(words, entry->entered_s, entered), entry->by, entry->note);
	if (entry->second[0])
		words_say(words, "    Pejabat kedua %s, dokumen %s\n",
			"    Second officer %s, document %s\n", entry->second, entry->document);
	say_reach(words, item);
}

void text_exclusions(struct words *words, const struct explanation *out)
{
	words_say(words, "\nPengecualian\n", "\nExclusions\n");
	if (!out->exclusion_count && out->power == POWER_NO_RULE)
		words_say(words, "  Tidak ada yang mencakup detik ini.\n",
			"  None covers this second.\n");
	for (size_t i = 0; i < out->exclusion_count; i++)
		say_exclusion(words, &out->exclusions[i]);
	if (out->power == POWER_REMOVED)
		words_say(words, "  Kontrak mengecualikan waktu tanpa listrik (power = exclude).\n",
			"  The contract excludes time without power (power = exclude).\n");
	if (out->power == POWER_TO_A_PERSON)
		words_say(words,
			"  Kontrak mengecualikan waktu tanpa listrik, tetapi ada slot buruk kurang "
			"dari W di sebelahnya:\n  orang yang memutuskan.\n",
			"  The contract excludes time without power, but a bad slot lies less than "
			"W "
			"beside it:\n  people decide.\n");
}

/* ---- disputes, outages, objections */

#define DECISION_BYTES 120

static void name_decision(
	const struct words *words, const struct explanation *out, char ret_name[DECISION_BYTES])
{
	const char *accept = out->settlement.accept;

	if (!strcmp(accept, REGISTRY_ACCEPT_NONE))
		snprintf(ret_name, DECISION_BYTES, "%s",
			words_pick(words, "tetap tak diketahui", "it stays unknown"));
	else
		snprintf(ret_name, DECISION_BYTES, "%s %.8s%s",
			words_pick(words, "yang dihitung isi boot", "what counts is that of boot"),
			accept,
			!out->witness.row.disputed
				? ""
				: words_pick(words, ", yang tidak punya satu isi slot ini",
					  ", which has no single content of this slot"));
}

void text_dispute(struct words *words, const struct explanation *out)
{
	const struct explain_witness *witness = &out->witness;
	const struct registry_settlement *settlement = &out->settlement;
	char when[WORDS_TIME_BYTES], decided[DECISION_BYTES];

	if (!witness->there || (!witness->conflicts && !witness->row.disputed))
		return;
	words_say(words, "\nSengketa\n", "\nDispute\n");
	if (witness->conflicts)
		words_say(words,
			"  Nomor yang sama datang juga dengan isi lain (%zu): dua perangkat "
			"memakai satu identitas.\n",
			"  The same number came with other contents too (%zu): two devices use one "
			"identity.\n",
			witness->conflicts);
	else
		words_say(words,
			"  Sejak dua perangkat hidup bersamaan dengan identitas ini, tidak jelas "
			"yang mana mengukur sambungan ini.\n",
			"  Since two devices have lived at once with this identity, nobody knows "
			"which of them measures this link.\n");
	if (!settlement->id) {
		words_say(words, "  Belum diputuskan: slot ini tak diketahui.\n",
			"  Nobody has decided yet: the slot is unknown.\n");
		return;
	}
	name_decision(words, out, decided);
	words_say(words, "  Diputuskan %s oleh %s (%s): %s\n", "  Settled %s by %s (%s): %s\n",
		words_time(words, settlement->entered_s, when), settlement->by, decided,
		settlement->note);
}

static void say_objection(struct words *words, const struct registry_objection *objection)
{
	char entered[WORDS_TIME_BYTES], answered[WORDS_TIME_BYTES];

	words_say(words, "  Keberatan %" PRId64 " dari %s (%s), %s: %s\n",
		"  Objection %" PRId64 " of %s (%s), %s: %s\n", objection->id, objection->provider,
		objection->by, words_time(words, objection->entered_s, entered), objection->note);
	if (!objection->answered_s) {
		words_say(words, "    Belum dijawab.\n", "    Not answered yet.\n");
		return;
	}
	words_say(words, "    %s oleh %s, %s: %s\n", "    %s by %s, %s: %s\n",
		objection->accepted ? words_pick(words, "Diterima", "Accepted")
				    : words_pick(words, "Ditolak", "Rejected"),
		objection->answered_by, words_time(words, objection->answered_s, answered),
		objection->answer_note);
}

/* An outage beside unknown time has a length between two. */
static void say_length(struct words *words, const struct outage *outage)
{
	if (outage->unknown_s)
		words_say(words, "lamanya antara %" PRId64 " dan %" PRId64 " detik.\n",
			"it lasted between %" PRId64 " and %" PRId64 " seconds.\n", outage->down_s,
			outage->down_s + outage->unknown_s);
	else
		words_say(words, "lamanya %" PRId64 " detik.\n", "it lasted %" PRId64 " seconds.\n",
			outage->down_s);
}

void text_outage(struct words *words, const struct explanation *out)
{
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES];

	if (!out->has_outage && !out->objection_count)
		return;
	words_say(words, "\nGangguan\n", "\nOutage\n");
	if (out->has_outage) {
		words_say(words, "  %s sampai %s, sebab %s; ", "  %s to %s, cause %s; ",
			words_time(words, out->outage.from, from),
			words_time(words, out->outage.to, to), down_cause_name(out->outage.cause));
		say_length(words, &out->outage);
	}
	for (size_t i = 0; i < out->objection_count; i++)
		say_objection(words, &out->objections[i]);
}
