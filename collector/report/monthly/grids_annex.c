/* SPDX-License-Identifier: Apache-2.0 */
/* Outages, exclusions, and what is open. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/report/monthly/grids.h"

#define WORDS_BYTES 800 /* an officer's note and what stands around it */

/* ---- outages */

/* clang-format off */
const struct grid_column outages_columns[] = {
	{"start", GRID_TIME, "Mulai", "Start"},
	{"end", GRID_TIME, "Selesai", "End"},
	{"zone", GRID_TEXT, "Zona", "Zone"},
	{"kecamatan_name", GRID_TEXT, "Kecamatan", "Kecamatan"},
	{"desa", GRID_TEXT, "Kode desa", "Desa code"},
	{"desa_name", GRID_TEXT, "Desa/kelurahan", "Desa or kelurahan"},
	{"link", GRID_ID, "Link", "Link"},
	{"provider", GRID_TEXT, "Penyedia", "Provider"},
	{"contract", GRID_ID, "Kontrak", "Contract"},
	{"d", GRID_SECONDS, "Lama sedikitnya", "At least"},
	{"d_n", GRID_SECONDS, "Lama sebanyaknya", "At most"},
	{"cause", GRID_TEXT, "Sebab", "Cause"},
	{"first_lost", GRID_TIME, "Bukti: hilang pertama", "Evidence: first lost"},
	{"first_answered", GRID_TIME, "Bukti: jawab pertama", "Evidence: first answered"},
	{"note", GRID_TEXT, "Catatan", "Note"},
	{"ticket", GRID_TEXT, "Tiket", "Ticket"},
	{"objection", GRID_TEXT, "Keberatan", "Objection"},
	{NULL},
};
/* clang-format on */

static const char *translate_note(const char *note, enum report_language language)
{
	static const struct {
		const char *id, *en;
	} notes[] = {
		{"perlu klarifikasi", "to be clarified"},
		{"masih berlangsung", "goes on"},
		{"masih berlangsung; perlu klarifikasi", "goes on; to be clarified"},
		{"dikecualikan", "excluded"},
		{"masih berlangsung; dikecualikan", "goes on; excluded"},
	};

	for (size_t i = 0; language == REPORT_EN && i < sizeof(notes) / sizeof(*notes); i++) {
		if (!strcmp(notes[i].id, note))
			return notes[i].en;
	}
	return note;
}

void outages_fill(const struct report *report, enum report_language language, struct grid *grid)
{
	for (size_t i = 0; i < report->outage_count; i++) {
		const struct report_outage *outage = &report->outages[i];

		grid_time(grid, outage->start_s, outage->offset_s);
		grid_time(grid, outage->end_s, outage->offset_s);
		grid_text(grid, outage->zone);
		grid_text(grid, outage->kecamatan);
		grid_text(grid, outage->desa_code);
		grid_text(grid, outage->desa);
		grid_number(grid, outage->link);
		grid_text(grid, outage->provider);
		grid_number(grid, outage->contract);
		grid_number(grid, outage->d_s);
		grid_number(grid, outage->d_s + outage->n_s);
		grid_text(grid, grids_cause(outage->cause, language));
		grid_time(grid, outage->lost_s, outage->offset_s);
		grid_time(grid, outage->answered_s, outage->offset_s);
		grid_text(grid, translate_note(outage->note, language));
		grid_text(grid, outage->ticket);
		grid_text(grid, outage->objection);
	}
}

/* ---- exclusions */

/* clang-format off */
const struct grid_column exclusions_columns[] = {
	{"exclusion", GRID_ID, "Nomor", "Number"},
	{"reason", GRID_TEXT, "Alasan", "Reason"},
	{"scope", GRID_TEXT, "Lingkup", "Scope"},
	{"value", GRID_TEXT, "Kode/nama", "Code or name"},
	{"place", GRID_TEXT, "Tempat", "Place"},
	{"links", GRID_COUNT, "Link terkena", "Links reached"},
	{"from", GRID_TIME, "Mulai", "From"},
	{"to", GRID_TIME, "Sampai", "To"},
	{"zone", GRID_TEXT, "Zona", "Zone"},
	{"entered", GRID_TIME, "Dicatat", "Entered"},
	{"by", GRID_TEXT, "Pejabat", "Officer"},
	{"second", GRID_TEXT, "Pejabat kedua", "Second officer"},
	{"document", GRID_TEXT, "SHA-256 dokumen", "SHA-256 of the document"},
	{"note", GRID_TEXT, "Keterangan", "Note"},
	{"state", GRID_TEXT, "Keadaan", "State"},
	{NULL},
};
/* clang-format on */

static const char *scope_word(const char *scope, enum report_language language)
{
	if (!strcmp(scope, "provider") && language == REPORT_ID)
		return "penyedia";
	return scope; /* link, desa, kecamatan, kabupaten: the same in both */
}

void exclusions_fill(const struct report *report, enum report_language language, struct grid *grid)
{
	static const struct grid_word waits = {"waits", "menunggu pejabat kedua dan dokumen",
		"waits for a second officer and a document"};
	static const struct grid_word stands = {"in force", "berlaku", "in force"};

	for (size_t i = 0; i < report->exclusion_count; i++) {
		const struct report_exclusion *exclusion = &report->exclusions[i];
		char zone[SAY_BYTES];

		grid_number(grid, exclusion->id);
		grid_text(grid, grids_reason(exclusion->reason, language));
		grid_text(grid, scope_word(exclusion->scope, language));
		grid_text(grid, exclusion->value);
		grid_text(grid, exclusion->place);
		grid_number(grid, (int64_t)exclusion->links);
		grid_time(grid, exclusion->from_s, exclusion->offset_s);
		grid_time(grid, exclusion->to_s, exclusion->offset_s);
		grid_text(grid, say_zone(exclusion->offset_s, zone));
		grid_time(grid, exclusion->entered_s, exclusion->offset_s);
		grid_text(grid, exclusion->by);
		grid_text(grid, exclusion->second);
		grid_text(grid, exclusion->document);
		grid_text(grid, exclusion->note);
		grid_text(grid, grids_word(exclusion->waits ? &waits : &stands, language));
	}
}

/* ---- open questions */

/* clang-format off */
const struct grid_column questions_columns[] = {
	{"matter", GRID_TEXT, "Perkara", "Matter"},
	{"desa", GRID_TEXT, "Kode desa", "Desa code"},
	{"desa_name", GRID_TEXT, "Desa/kelurahan", "Desa or kelurahan"},
	{"link", GRID_ID, "Link", "Link"},
	{"provider", GRID_TEXT, "Penyedia", "Provider"},
	{"contract", GRID_ID, "Kontrak", "Contract"},
	{"from", GRID_TIME, "Mulai", "From"},
	{"to", GRID_TIME, "Sampai", "To"},
	{"zone", GRID_TEXT, "Zona", "Zone"},
	{"seconds", GRID_SECONDS, "Lama yang bergantung", "Time that hangs on it"},
	{"rupiah", GRID_RUPIAH, "Rupiah yang bergantung", "Rupiah that hang on it"},
	{"words", GRID_TEXT, "Keterangan", "In words"},
	{NULL},
};
/* clang-format on */

static const char *matter_word(enum report_matter matter, enum report_language language)
{
	static const struct grid_word words[MATTER_COUNT] = {
		[MATTER_UNDETERMINED] = {"undetermined", "Waktu tak tentu", "Undetermined time"},
		[MATTER_DISPUTE] = {"dispute", "Slot disengketakan", "Disputed slots"},
		[MATTER_OUTAGE] = {"outage", "Gangguan perlu klarifikasi",
			"Outage to be clarified"},
		[MATTER_EXCLUSION] = {"exclusion", "Pengecualian menunggu", "Exclusion waits"},
		[MATTER_OBJECTION] = {"objection", "Keberatan belum dijawab",
			"Objection not answered"},
		[MATTER_CONTRACT_GAP] = {"contract-gap", "Celah antara kontrak",
			"Gap between contracts"},
	};

	return grids_word(&words[matter], language);
}

/* "listrik 12:00:00; tanpa kabar 3:20:00" */
static void say_causes(const struct report_question *question, enum report_language language,
	char words[WORDS_BYTES])
{
	static const struct grid_word causes[UNKNOWN_CAUSE_COUNT] = {
		[UNKNOWN_POWER] = {"power", "tanpa listrik", "no power"},
		[UNKNOWN_RESTART] = {"restart", "dimulai ulang", "restarted"},
		[UNKNOWN_AGENT] = {"agent", "agen tidak berjalan", "the agent did not run"},
		[UNKNOWN_DROPPED] = {"dropped", "catatan terbuang", "records dropped"},
		[UNKNOWN_CLOCK] = {"clock", "waktunya tak pasti", "the clock was wrong"},
		[UNKNOWN_LOCAL] = {"local", "tidak dibebankan kontrak",
			"not charged by the contract"},
		[UNKNOWN_DISPUTED] = {"disputed", "disengketakan", "disputed"},
		[UNKNOWN_EDGE] = {"edge", "tepi waktu tak tentu", "beside unknown time"},
		[UNKNOWN_SILENT] = {"silent", "tanpa kabar", "no news"},
	};
	char time[SAY_BYTES];
	int at = 0;

	*words = '\0';
	for (int i = 0; i < UNKNOWN_CAUSE_COUNT; i++) {
		if (!question->n_by[i])
			continue;
		at += snprintf(words + at, WORDS_BYTES - (size_t)at, "%s%s %s", at ? "; " : "",
			grids_word(&causes[i], language), say_duration(question->n_by[i], time));
	}
}

static void say_words(const struct report_question *question, enum report_language language,
	char words[WORDS_BYTES])
{
	bool id = language != REPORT_EN;

	*words = '\0';
	switch (question->matter) {
	case MATTER_UNDETERMINED: say_causes(question, language, words); return;
	case MATTER_DISPUTE:
		snprintf(words, WORDS_BYTES, "%s",
			id ? "catatan yang sama datang dengan lebih dari satu isi"
			   : "the same records came with more than one content");
		return;
	case MATTER_OUTAGE:
		snprintf(words, WORDS_BYTES, "%s", grids_cause(question->note, language));
		return;
	case MATTER_EXCLUSION:
		snprintf(words, WORDS_BYTES,
			id ? "pengecualian %" PRId64 " (%s: %s)" : "exclusion %" PRId64 " (%s: %s)",
			question->number, question->by, question->note);
		return;
	case MATTER_OBJECTION:
		snprintf(words, WORDS_BYTES,
			id ? "keberatan %" PRId64 " (%s: %s)" : "objection %" PRId64 " (%s: %s)",
			question->number, question->by, question->note);
		return;
	case MATTER_CONTRACT_GAP:
		snprintf(words, WORDS_BYTES, "%s",
			id ? "tidak terhitung di baris mana pun" : "is in no row");
		return;
	case MATTER_COUNT: return;
	}
}

void questions_fill(const struct report *report, enum report_language language, struct grid *grid)
{
	char words[WORDS_BYTES], zone[SAY_BYTES];

	for (size_t i = 0; i < report->question_count; i++) {
		const struct report_question *question = &report->questions[i];
		bool money = question->matter == MATTER_UNDETERMINED;

		grid_text(grid, matter_word(question->matter, language));
		grid_text(grid, question->desa_code);
		grid_text(grid, question->desa);
		grid_number_if(grid, question->link, question->link);
		grid_text(grid, question->provider);
		grid_number_if(grid, question->contract, question->contract);
		grid_time(grid, question->from_s, question->offset_s);
		grid_time(grid, question->to_s, question->offset_s);
		grid_text(grid, say_zone(question->offset_s, zone));
		grid_number_if(grid, question->seconds, question->seconds);
		grid_number_if(grid, money, question->rupiah);
		say_words(question, language, words);
		grid_text(grid, words);
	}
}
