/* SPDX-License-Identifier: Apache-2.0 */
/* What the alarm about agents' certificates says. */
#include <stdio.h>
#include <string.h>

#include "collector/alert/notice_text.h"

#define COUNTS_BYTES 160

static void say_number(char *text, size_t size, uint32_t number, const char *what)
{
	size_t length = strlen(text);

	if (number)
		snprintf(text + length, size - length, "%s%u %s", length ? ", " : "", number, what);
}

void renewals_subject(const struct alarm *alarm, const struct words *words, struct notice *notice)
{
	const struct alarm_renewals *renewals = &alarm->renewals;
	char counts[COUNTS_BYTES] = "";

	if (notice->phase == ALARM_CLOSED) {
		snprintf(notice->subject, sizeof(notice->subject), "%s",
			words_pick(words, "▲ Sertifikat alat ukur: sudah beres",
				"▲ Agents' certificates: all in order"));
		return;
	}
	say_number(counts, sizeof(counts), renewals->waiting,
		words_pick(words, "menunggu persetujuan", "wait for a person"));
	say_number(counts, sizeof(counts), renewals->late,
		words_pick(words, "belum diperbarui", "not renewed"));
	say_number(counts, sizeof(counts), renewals->expired,
		words_pick(words, "sudah habis", "expired"));
	snprintf(notice->subject, sizeof(notice->subject), "%s: %s",
		words_pick(words, "⚠ Sertifikat alat ukur", "⚠ Agents' certificates"), counts);
}

void renewals_say(const struct alarm *alarm, struct words *words)
{
	const struct alarm_renewals *renewals = &alarm->renewals;

	if (alarm->phase == ALARM_CLOSED)
		return;
	words_say(words, "Salah satunya: agent-%u.\n", "One of them: agent-%u.\n", renewals->agent);
	if (renewals->late || renewals->expired)
		words_say(words,
			"Alat memperbarui sertifikatnya sendiri bila tersambung; yang sudah habis "
			"tidak diterima lagi. Lihat: pantau agent list.\n",
			"An agent renews its certificate by itself while it is connected; with one "
			"that expired it is not let in. Look: pantau agent list.\n");
	if (renewals->waiting)
		words_say(words,
			"Yang menunggu: pantau agent waiting; setelah yakin itu alat yang benar, "
			"pantau agent readmit.\n",
			"Who waits: pantau agent waiting; once you are sure that it is the right "
			"device, pantau agent readmit.\n");
}
