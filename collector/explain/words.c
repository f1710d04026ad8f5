/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/ledger/span.h"
#include "common/civil.h"

#define SENTENCE_BYTES 2048 /* the longest: a note of an officer and what stands around it */

const char *const language_names[] = {"id", "en", NULL};

void words_say(struct words *words, const char *id, const char *en, ...)
{
	char text[SENTENCE_BYTES];
	va_list args;

	va_start(args, en);
	if (words->language == LANGUAGE_ID)
		vsnprintf(text, sizeof(text), id, args);
	else
		vsnprintf(text, sizeof(text), en, args);
	va_end(args);
	if (!words->failed)
		words->failed = buf_append(words->out, text, strlen(text));
}

const char *words_pick(const struct words *words, const char *id, const char *en)
{
	return words->language == LANGUAGE_ID ? id : en;
}

const char *words_time(const struct words *words, int64_t utc_s, char ret_text[WORDS_TIME_BYTES])
{
	if (utc_s == SPAN_FOREVER)
		snprintf(ret_text, WORDS_TIME_BYTES, "%s",
			words_pick(words, "(belum berakhir)", "(no end yet)"));
	else if (utc_s == INT64_MIN)
		snprintf(ret_text, WORDS_TIME_BYTES, "%s",
			words_pick(words, "(dari awal)", "(from the beginning)"));
	else
		civil_format_local(utc_s, words->offset_s, ret_text);
	return ret_text;
}

const char *words_down_cause(const struct words *words, enum down_cause cause)
{
	static const struct {
		const char *id, *en;
	} causes[DOWN_CAUSE_COUNT] = {
		[DOWN_LOCAL] = {"kabel atau sinyal WAN terputus di router",
			"the WAN's carrier is down at the router"},
		[DOWN_CPE] = {"gateway tidak menjawab, atau router tidak mendapat alamat",
			"the gateway does not answer, or there is no address"},
		[DOWN_ACCESS] = {"gateway menjawab, jaringan akses tidak",
			"the gateway answers, the edge does not"},
		[DOWN_PROVIDER] = {"jaringan akses menjawab, jaringan penyedia tidak",
			"the edge answers, the provider's targets do not"},
		[DOWN_UPSTREAM] = {"penyedia menjawab, internet tidak",
			"the provider's targets answer, the internet's do not"},
	};

	if (cause >= DOWN_CAUSE_COUNT)
		return "?";
	return words_pick(words, causes[cause].id, causes[cause].en);
}

const char *words_unknown_cause(const struct words *words, enum unknown_cause cause)
{
	static const struct {
		const char *id, *en;
	} causes[UNKNOWN_CAUSE_COUNT] = {
		[UNKNOWN_POWER] = {"router tanpa listrik, atau dicabut",
			"the router had no power, or was pulled"},
		[UNKNOWN_RESTART] = {"router dimulai ulang dengan tertib",
			"the router was restarted in order"},
		[UNKNOWN_AGENT] = {"agen tidak berjalan, atau terlalu sedikit ronde",
			"the agent did not run, or made too few rounds"},
		[UNKNOWN_DROPPED] =
			{"penyimpanan agen penuh; catatannya sendiri menyebut celah ini",
				"the agent's spool was full; its own record names the gap"},
		[UNKNOWN_CLOCK] = {"ada catatan, tetapi waktunya tidak dapat dipastikan",
			"there are records, but nobody can say of when"},
		[UNKNOWN_LOCAL] = {"slot buruk yang tidak dibebankan oleh kontrak",
			"a bad slot that the contract does not charge"},
		[UNKNOWN_DISPUTED] = {"disengketakan: dua isi dengan satu nomor",
			"disputed: two contents under one number"},
		[UNKNOWN_EDGE] = {"slotnya diketahui, tetapi keadaannya bergantung pada waktu "
				  "tak diketahui di sebelahnya",
			"the slot is known, but its state hangs on unknown time beside it"},
		[UNKNOWN_SILENT] = {"agen belum kembali sejak itu",
			"the agent has not come back since"},
	};

	if (cause >= UNKNOWN_CAUSE_COUNT)
		return "?";
	return words_pick(words, causes[cause].id, causes[cause].en);
}
