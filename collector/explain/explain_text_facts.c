/* SPDX-License-Identifier: Apache-2.0 */
/* What was measured, in words: the slots around, the slot and its probes, its clock. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "collector/explain/explain_names.h"
#include "collector/explain/explain_text_private.h"
#include "collector/report/table.h"
#include "common/civil.h"

#define US_PER_MS 1000
#define US_PER_S 1000000

/* Renders and frees; NULL: there was no memory for it. */
static void print_table(struct words *words, struct table *table)
{
	if (!words->failed)
		words->failed = table ? table_render_text(table, words->out) : -ENOMEM;
	table_free(table);
}

static void put_clock_time(const struct words *words, struct table *table, int64_t utc_s)
{
	char text[WORDS_TIME_BYTES];

	table_text(table, words_time(words, utc_s, text));
}

/* ---- the pieces around */

static const struct table_column pieces_id[] = {{"here", " "}, {"from", "Mulai"}, {"to", "Sampai"},
	{"due", "Terjadwal", TABLE_NUMBER}, {"made", "Dibuat", TABLE_NUMBER},
	{"lost", "Hilang", TABLE_NUMBER}, {"kind", "Dinilai"}, {"cause", "Sebab"}, {"note", ""},
	{NULL}};
static const struct table_column pieces_en[] = {{"here", " "}, {"from", "From"}, {"to", "To"},
	{"due", "Due", TABLE_NUMBER}, {"made", "Made", TABLE_NUMBER},
	{"lost", "Lost", TABLE_NUMBER}, {"kind", "Taken as"}, {"cause", "Cause"}, {"note", ""},
	{NULL}};

static const char *piece_kind(const struct words *words, const struct explain_piece *piece)
{
	switch (piece->kind) {
	case BASE_GOOD: return words_pick(words, "baik", "good");
	case BASE_BAD: return words_pick(words, "buruk", "bad");
	default: return words_pick(words, "tak diketahui", "unknown");
	}
}

static const char *piece_note(const struct words *words, const struct explain_piece *piece)
{
	if (piece->bridged)
		return words_pick(words, "dijembatani (celah paling lama B)",
			"bridged (a hole of at most B)");
	return piece->is_slot ? "" : words_pick(words, "tidak ada slot", "no slot");
}

static void put_piece(
	const struct words *words, struct table *table, const struct explain_piece *piece)
{
	table_text(table, piece->here ? ">" : " ");
	put_clock_time(words, table, piece->from_s);
	put_clock_time(words, table, piece->to_s);
	if (piece->is_slot) {
		table_number(table, piece->due);
		table_number(table, piece->made);
		table_number(table, piece->lost);
	} else {
		table_empty(table);
		table_empty(table);
		table_empty(table);
	}
	table_text(table, piece_kind(words, piece));
	table_text(table, explain_piece_cause(piece));
	table_text(table, piece_note(words, piece));
}

void text_pieces(struct words *words, const struct explanation *out)
{
	struct table *table;

	if (!out->piece_count)
		return;
	words_say(words, "\nSlot di sekitarnya (ronde terjadwal, dibuat, hilang)\n",
		"\nThe slots around it (rounds due, made, lost)\n");
	table = table_new(words->language == LANGUAGE_ID ? pieces_id : pieces_en);
	for (size_t i = 0; table && i < out->piece_count; i++)
		put_piece(words, table, &out->pieces[i]);
	print_table(words, table);
}

/* ---- a hole */

static void say_boot(struct words *words, const struct explain_boot *boot, bool before)
{
	char at[WORDS_TIME_BYTES], booted[WORDS_TIME_BYTES], alive[WORDS_TIME_BYTES];

	words_say(words, "  %s: agen %" PRIu32 ", run %" PRIu32 ", %s.",
		"  %s: agent %" PRIu32 ", run %" PRIu32 ", %s.",
		before ? words_pick(words, "Slot terakhir berakhir", "The last slot ends")
		       : words_pick(words, "Slot berikutnya mulai", "The next slot begins"),
		boot->agent, boot->run, words_time(words, before ? boot->to_s : boot->from_s, at));
	if (boot->placed && before && boot->alive_s > boot->to_s)
		words_say(words, " Tanda hidup lain yang terakhir: %s.",
			" Last other sign of life: %s.", words_time(words, boot->alive_s, alive));
	if (boot->placed && !before)
		words_say(words, " Router menyala sejak %s.", " The router booted at %s.",
			words_time(words, boot->booted_s, booted));
	if (!before && boot->reset == RESET_WATCHDOG)
		words_say(words, " Boot sebelumnya diakhiri watchdog.",
			" The watchdog had ended the boot before.");
	if (!before && boot->reset == RESET_PANIC)
		words_say(words, " Boot sebelumnya berakhir karena kernel panic.",
			" The kernel had panicked.");
	if (before && boot->stopped)
		words_say(words, " Ia pamit dengan tertib.", " It had said that it stops.");
	words_say(words, "\n", "\n");
}

void text_hole(struct words *words, const struct explanation *out)
{
	if (out->witness.there || (!out->heard.there && !out->heard_again.there))
		return;
	words_say(words, "\nTidak ada slot pada detik ini\n", "\nNo slot covers this second\n");
	if (out->heard.there)
		say_boot(words, &out->heard, true);
	if (out->heard_again.there)
		say_boot(words, &out->heard_again, false);
	else
		words_say(words, "  Sesudahnya belum ada slot.\n",
			"  There is no slot after it yet.\n");
}

/* ---- the slot that speaks */

static const struct table_column probes_id[] = {{"offset", "Detik", TABLE_NUMBER},
	{"round", "Ronde", TABLE_NUMBER}, {"target", "Target"}, {"class", "Kelas"},
	{"kind", "Jenis"}, {"why", "Sifat"}, {"outcome", "Hasil"},
	{"rtt", "RTT (ms)", TABLE_NUMBER}, {NULL}};
static const struct table_column probes_en[] = {{"offset", "Second", TABLE_NUMBER},
	{"round", "Round", TABLE_NUMBER}, {"target", "Target"}, {"class", "Class"},
	{"kind", "Kind"}, {"why", "Sent"}, {"outcome", "Outcome"},
	{"rtt", "RTT (ms)", TABLE_NUMBER}, {NULL}};

static const char *outcome_word(const struct words *words, const struct probe *probe)
{
	switch (probe->outcome) {
	case OUTCOME_ANSWERED: return words_pick(words, "dijawab", "answered");
	case OUTCOME_LOST: return words_pick(words, "hilang", "lost");
	default: return words_pick(words, "ditolak router", "refused by the router");
	}
}

static void put_probe(const struct words *words, struct table *table, const struct slot *slot,
	const struct probe *probe)
{
	char text[NAMES_ADDRESS_BYTES] = "";
	const struct target *target = probe->target < slot->target_count
		? &slot->targets[probe->target]
		: NULL;

	snprintf(text, sizeof(text), "%" PRIu32 ".%03" PRIu32, probe->offset_ms / 1000,
		probe->offset_ms % 1000);
	table_text(table, text);
	table_number(table, probe->round);
	text[0] = '\0';
	if (target)
		names_address(&target->address, target->port, text);
	table_text(table, text);
	table_text(table, target ? explain_target_name(target->class) : "?");
	table_text(table, explain_probe_name(probe->kind));
	table_text(table,
		probe->follow_up ? words_pick(words, "susulan", "follow-up")
				 : words_pick(words, "terjadwal", "scheduled"));
	table_text(table, outcome_word(words, probe));
	text[0] = '\0';
	if (probe->outcome == OUTCOME_ANSWERED)
		snprintf(text, sizeof(text), "%" PRIu32 ".%03" PRIu32, probe->rtt_us / 1000,
			probe->rtt_us % 1000);
	table_text(table, text);
}

static void say_probes(struct words *words, const struct explain_witness *witness)
{
	const struct slot *slot = witness->slot;
	struct table *table = table_new(words->language == LANGUAGE_ID ? probes_id : probes_en);

	for (size_t i = 0; table && i < slot->probe_count; i++)
		put_probe(words, table, slot, &slot->probes[i]);
	print_table(words, table);
	if (witness->row.packed)
		words_say(words,
			"  Hari ini sudah dipadatkan: RTT adalah tengah jenjangnya "
			"(paling jauh 1 %%), jumlah tetap tepat.\n",
			"  This day is packed: an RTT is the middle of its step (within 1 %%), "
			"counts are exact.\n");
}

static void say_agent(struct words *words, const struct explain_witness *witness)
{
	const struct ledger_slot *row = &witness->row;
	char from[WORDS_TIME_BYTES], accepted[WORDS_TIME_BYTES], got[WORDS_TIME_BYTES];

	words_say(words,
		"  Agen %" PRIu32 " (%s), WAN %s, run %" PRIu32 ", nomor %" PRIu32 ", boot ",
		"  Agent %" PRIu32 " (%s), WAN %s, run %" PRIu32 ", sequence %" PRIu32 ", boot ",
		row->agent, witness->name, witness->slot->wan, row->run, row->sequence);
	for (size_t i = 0; i < BOOT_BYTES; i++)
		words_say(words, "%02x", "%02x", row->boot[i]);
	words_say(words, "; diterima %s.\n", "; received %s.\n",
		words_time(words, row->received_us / US_PER_S, got));
	if (witness->binding.id)
		words_say(words, "  Mengukur link ini sejak %s (ikatan %" PRId64 ", dicatat %s).\n",
			"  It measures this link since %s (binding %" PRId64 ", entered %s).\n",
			words_time(words, witness->binding.from_s, from), witness->binding.id,
			words_time(words, witness->binding.accepted_s, accepted));
	if (witness->agent_revoked_s)
		words_say(words, "  Agen ini sudah dicabut pada %s.\n",
			"  This agent was revoked at %s.\n",
			words_time(words, witness->agent_revoked_s, from));
}

static void say_losers(struct words *words, const struct explanation *out)
{
	for (size_t i = 0; i < out->loser_count; i++)
		words_say(words,
			"  Juga ada slot agen %" PRIu32 " (run %" PRIu32 ", nomor %" PRIu32
			"), yang kalah: agen yang lebih baru, lalu nomor yang lebih rendah "
			"menang.\n",
			"  Agent %" PRIu32 " has a slot too (run %" PRIu32 ", sequence %" PRIu32
			"), which yields: the newer agent, then the lower number wins.\n",
			out->losers[i].agent, out->losers[i].run, out->losers[i].sequence);
}

void text_slot(struct words *words, const struct explanation *out)
{
	const struct explain_witness *witness = &out->witness;
	const struct evidence *evidence = &witness->row.evidence;

	if (!witness->there)
		return;
	words_say(words, "\nSlot pada detik ini\n", "\nThe slot of this second\n");
	say_agent(words, witness);
	say_losers(words, out);
	words_say(words,
		"  %u ronde terjadwal, %u dibuat, %u hilang. WAN carrier %s, gateway %s.\n",
		"  %u rounds due, %u made, %u lost. WAN carrier %s, gateway %s.\n", evidence->due,
		evidence->made, evidence->lost, explain_carrier_name(witness->slot->facts.carrier),
		explain_neighbour_name(witness->slot->facts.gateway));
	if (evidence->lost)
		words_say(words, "  Bukti ronde yang hilang menunjuk: %s (%s).\n",
			"  What the lost rounds point at: %s (%s).\n",
			down_cause_name(witness->cause), words_down_cause(words, witness->cause));
	say_probes(words, witness);
	text_beside(words, witness->slot);
}

/* ---- its clock */

static void say_anchor(struct words *words, const struct ledger_anchor *anchor, const char *which)
{
	char at[WORDS_TIME_BYTES];

	if (!anchor->there)
		return;
	words_say(words, "  %s: %s, sumber %s, galat paling besar %" PRIu64 " ms.\n",
		"  %s: %s, source %s, error at most %" PRIu64 " ms.\n", which,
		words_time(words, anchor->utc_us / US_PER_S, at),
		explain_source_name(anchor->source),
		(anchor->error_us + US_PER_MS - 1) / US_PER_MS);
}

void text_clock(struct words *words, const struct explanation *out)
{
	const struct ledger_clock *clock = &out->witness.clock;

	if (!out->witness.there)
		return;
	words_say(words, "\nJam (%zu dari %zu penanda waktu boot ini dipakai)\n",
		"\nClock (%zu of %zu anchors of this boot are used)\n", clock->usable,
		clock->anchors);
	say_anchor(words, &clock->before, words_pick(words, "Sebelumnya", "Before it"));
	say_anchor(words, &clock->used,
		words_pick(words, "Penentu waktu slot ini", "What places this slot"));
	say_anchor(words, &clock->after, words_pick(words, "Sesudahnya", "After it"));
}
