/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/explain_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/explain/explain_names.h"
#include "collector/explain/explain_text_private.h"
#include "common/civil.h"

static void say_link(struct words *words, const struct explanation *out)
{
	char local[WORDS_TIME_BYTES], utc[CIVIL_TIME_BYTES], as_of[WORDS_TIME_BYTES];

	civil_format(out->at_s, utc);
	words_say(words, "Link %" PRId64 ", desa %s (%s), penyedia %s\n",
		"Link %" PRId64 ", desa %s (%s), provider %s\n", out->link.id, out->place.desa.name,
		out->place.desa.code, out->link.provider);
	words_say(words, "Detik %s %s (%s), bulan %s; dilihat pada %s\n\n",
		"Second %s %s (%s), month %s; seen at %s\n\n", words_time(words, out->at_s, local),
		out->link.zone, utc, out->period, words_time(words, out->as_of_s, as_of));
}

/* ---- the headline */

static void say_nowhere(struct words *words, const struct explanation *out)
{
	switch (out->nowhere) {
	case NOWHERE_NO_CONTRACT:
		words_say(words, "TIDAK DIHITUNG: tidak ada kontrak pada detik ini.\n",
			"NOT COUNTED: there is no contract at this second.\n");
		break;
	case NOWHERE_NOT_YET:
		words_say(words, "BELUM DIHITUNG: detik ini belum terjadi.\n",
			"NOT COUNTED YET: this second has not been.\n");
		break;
	default:
		words_say(words, "TIDAK DIHITUNG: di luar jam layanan kontrak.\n",
			"NOT COUNTED: outside the contract's service hours.\n");
	}
}

static void say_cause(struct words *words, const struct state_run *run)
{
	if (run->state == STATE_U)
		return;
	words_say(words, "Sebab: %s (%s).\n", "Cause: %s (%s).\n", explain_run_cause(run),
		run->state == STATE_D ? words_down_cause(words, (enum down_cause)run->cause)
				      : words_unknown_cause(words, (enum unknown_cause)run->cause));
}

static void say_class(struct words *words, const struct explanation *out)
{
	switch (out->class) {
	case EXPLAIN_NOWHERE: say_nowhere(words, out); break;
	case EXPLAIN_UP:
		words_say(words, "HIDUP (U): terhitung sebagai waktu layanan tersedia.\n",
			"UP (U): counts as time in which the service was there.\n");
		break;
	case EXPLAIN_DOWN:
		words_say(words, "MATI (D): terhitung sebagai gangguan.\n",
			"DOWN (D): counts as downtime.\n");
		break;
	case EXPLAIN_UNDETERMINED:
		words_say(words, "TAK TENTU (N): tidak dapat diputuskan hidup atau mati.\n",
			"UNDETERMINED (N): nothing decides whether it was up or down.\n");
		break;
	case EXPLAIN_EXCLUDED:
		words_say(words,
			"DIKECUALIKAN (E): tidak ikut dihitung. Terukur di bawahnya: %s.\n",
			"EXCLUDED (E): does not count. Measured beneath: %s.\n",
			explain_state_name(out->run.state));
	}
	if (out->measured && out->class == EXPLAIN_NOWHERE)
		words_say(words, "Terukur, dengan aturan %s: %s.\n",
			"Measured, under the %s rule: %s.\n",
			out->has_contract ? words_pick(words, "kontrak", "contract's")
					  : words_pick(words, "baku", "default"),
			explain_state_name(out->run.state));
	if (out->measured)
		say_cause(words, &out->run);
}

static void say_alike(struct words *words, const struct explanation *out)
{
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES];

	words_say(words, "Sama sejak %s sampai %s dalam bulan ini (%" PRId64 " detik).\n",
		"Alike from %s to %s within this month (%" PRId64 " seconds).\n",
		words_time(words, out->from_s, from), words_time(words, out->to_s, to),
		out->to_s - out->from_s);
}

/* ---- why */

static void say_length(struct words *words, int64_t from_s, int64_t to_s)
{
	char from[WORDS_TIME_BYTES], to[WORDS_TIME_BYTES];

	words_say(words, "%s sampai %s", "%s to %s", words_time(words, from_s, from),
		words_time(words, to_s, to));
	if (to_s != SPAN_FOREVER)
		words_say(words, ", %" PRId64 " detik", ", %" PRId64 " seconds", to_s - from_s);
}

static const char *kind_word(const struct words *words, bool bad)
{
	return bad ? words_pick(words, "buruk", "bad") : words_pick(words, "baik", "good");
}

static void say_pass(struct words *words, const struct explanation *out, bool unknown_is_bad)
{
	const struct explain_pass *pass = unknown_is_bad ? &out->if_bad : &out->if_good;
	uint32_t window_s = out->terms.window_s;

	words_say(words, "  Jika semua yang tak diketahui dianggap %s: %s.\n",
		"  If all that is unknown is taken as %s: %s.\n", kind_word(words, unknown_is_bad),
		pass->down ? "DOWN" : "UP");
	if (pass->gone)
		return;
	words_say(words, "    Detik ini di dalam rangkaian %s: ",
		"    This second is in a %s run: ", kind_word(words, pass->bad));
	say_length(words, pass->from_s, pass->to_s);
	if (!pass->decided) {
		words_say(words, ".\n    Sebelumnya tak ada rangkaian selama W = %u detik: UP.\n",
			".\n    No run before it lasts W = %u seconds: UP.\n", window_s);
		return;
	}
	if (pass->decided_from_s == pass->from_s) {
		words_say(words, "; paling sedikit W = %u detik, maka %s sejak awalnya.\n",
			"; at least W = %u seconds, so %s from its beginning.\n", window_s,
			pass->down ? "DOWN" : "UP");
		return;
	}
	words_say(words,
		"; lebih pendek dari W = %u detik, maka dimaafkan.\n"
		"    Yang memutuskan adalah rangkaian %s: ",
		"; shorter than W = %u seconds, so it is forgiven.\n"
		"    What decides is the %s run: ",
		window_s, kind_word(words, pass->down));
	say_length(words, pass->decided_from_s, pass->decided_to_s);
	words_say(words, ".\n", ".\n");
}

static void say_verdict(struct words *words, const struct explanation *out)
{
	switch (out->run.state) {
	case STATE_D:
		words_say(words, "  DOWN walaupun semua yang tak diketahui baik: D.\n",
			"  DOWN even if all that is unknown was good: D.\n");
		break;
	case STATE_U:
		words_say(words, "  UP walaupun semua yang tak diketahui buruk: U.\n",
			"  UP even if all that is unknown was bad: U.\n");
		break;
	default:
		words_say(words, "  UP atau DOWN, bergantung pada yang tak diketahui: N.\n",
			"  UP or DOWN, depending on what is unknown: N.\n");
	}
}

static void say_why(struct words *words, const struct explanation *out)
{
	char gone[WORDS_TIME_BYTES];

	words_say(words, "\nMengapa\n", "\nWhy\n");
	if (!out->measured) {
		words_say(words, "  Tidak ada yang diketahui tentang detik ini.\n",
			"  Nothing is known of this second.\n");
		return;
	}
	if (out->if_good.gone)
		words_say(words,
			"  Slot sebelum %s sudah tidak disimpan; keadaan dihitung ketika masih "
			"ada.\n",
			"  Slots before %s are no longer kept; the state was counted while they "
			"were.\n",
			words_time(words, out->gone_s, gone));
	say_pass(words, out, false);
	say_pass(words, out, true);
	say_verdict(words, out);
	words_say(
		words, "  Rangkaian %s: ", "  The run of %s: ", explain_state_name(out->run.state));
	say_length(words, out->run.from, out->run.to);
	words_say(words, ".\n", ".\n");
}

int explanation_text(const struct explanation *explanation, enum language language, struct buf *out)
{
	struct words words = {
		.out = out, .language = language, .offset_s = explanation->link.offset_s};

	say_link(&words, explanation);
	say_class(&words, explanation);
	say_alike(&words, explanation);
	say_why(&words, explanation);
	text_contract(&words, explanation);
	text_pieces(&words, explanation);
	text_hole(&words, explanation);
	text_slot(&words, explanation);
	text_clock(&words, explanation);
	text_exclusions(&words, explanation);
	text_dispute(&words, explanation);
	text_outage(&words, explanation);
	return words.failed;
}
