/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/notice_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector/ledger/cause.h"

#define LINES_MAX 8 /* links by name; a phone shows no more at a glance */
#define MOMENT_BYTES 64
#define LENGTH_BYTES 64
#define WHERE_BYTES 200
#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400

struct telling {
	const struct alarm *alarm;
	const struct atlas *atlas;
	const struct notice *notice;
	struct words words;
	char zone[8];
};

/* ---- times */

static const char *month_name(const struct words *words, int month)
{
	static const char *const id[] = {
		"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"};
	static const char *const en[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	return words_pick(words, id[month], en[month]);
}

/* "22 Nov 14.05 WITA" */
static const char *moment(const struct telling *telling, int64_t utc_s, char ret_text[MOMENT_BYTES])
{
	time_t local_s = utc_s + telling->words.offset_s;
	struct tm tm;

	gmtime_r(&local_s, &tm);
	snprintf(ret_text, MOMENT_BYTES, "%d %s %02d%s%02d %s", tm.tm_mday,
		month_name(&telling->words, tm.tm_mon), tm.tm_hour,
		words_pick(&telling->words, ".", ":"), tm.tm_min, telling->zone);
	return ret_text;
}

/* "2 hari 3 jam", "1 jam 5 menit", "40 detik" */
static const char *length(const struct words *words, int64_t s, char ret_text[LENGTH_BYTES])
{
	const char *day = words_pick(words, "hari", "d"), *hour = words_pick(words, "jam", "h");
	const char *minute = words_pick(words, "menit", "min");

	if (s >= DAY_S)
		snprintf(ret_text, LENGTH_BYTES, "%d %s %d %s", (int)(s / DAY_S), day,
			(int)(s % DAY_S / HOUR_S), hour);
	else if (s >= HOUR_S)
		snprintf(ret_text, LENGTH_BYTES, "%d %s %d %s", (int)(s / HOUR_S), hour,
			(int)(s % HOUR_S / MINUTE_S), minute);
	else if (s >= MINUTE_S)
		snprintf(ret_text, LENGTH_BYTES, "%d %s", (int)(s / MINUTE_S), minute);
	else
		snprintf(ret_text, LENGTH_BYTES, "%d %s", (int)s, words_pick(words, "detik", "s"));
	return ret_text;
}

/* ---- the subject */

/* "Kerayaan (Kutai Timur)", "penyedia Satu", "Kec. Sangkulirang" */
static const char *where(const struct telling *telling, char ret_text[WHERE_BYTES])
{
	const struct alarm *alarm = telling->alarm;
	const struct words *words = &telling->words;
	const char *name = alarm->scope < FALL_SCOPES
		? atlas_name(telling->atlas, alarm->scope, alarm->place)
		: "";
	const struct atlas_link *link = atlas_find(telling->atlas, alarm->members[0].link);

	if (alarm->scope == FALL_PROVIDER)
		snprintf(ret_text, WHERE_BYTES, "%s %s", words_pick(words, "penyedia", "provider"),
			name);
	else if (alarm->scope == FALL_KECAMATAN)
		snprintf(ret_text, WHERE_BYTES, "%s %s", words_pick(words, "Kec.", "kecamatan"),
			name);
	else if (alarm->scope == FALL_ALL)
		snprintf(ret_text, WHERE_BYTES, "%s",
			words_pick(words, "semua penyedia", "all providers"));
	else if (link)
		snprintf(ret_text, WHERE_BYTES, "%s (%s)", link->desa,
			atlas_kabupaten(telling->atlas, link));
	else
		snprintf(ret_text, WHERE_BYTES, "link %lld", (long long)alarm->members[0].link);
	return ret_text;
}

static const char *past_word(const struct telling *telling)
{
	const struct alarm_hindsight *found = &telling->alarm->hindsight;
	const struct words *words = &telling->words;

	if (found->down > found->power + found->up + found->unknown)
		return words_pick(words, "▲ Pulih; ternyata sempat putus", "▲ Back; it was down");
	if (found->down)
		return words_pick(words, "▲ Pulih; ternyata sebagian sempat putus",
			"▲ Back; a part of it was down");
	if (found->power >= found->up)
		return words_pick(
			words, "▲ Pulih; ternyata listrik padam", "▲ Back; it had no power");
	return words_pick(
		words, "▲ Pulih; ternyata internet normal", "▲ Back; the internet was up");
}

/* Of its links two devices use one identity each; none is known to have been down. */
static bool is_disputed(const struct alarm *alarm)
{
	for (size_t i = 0; i < alarm->count; i++) {
		if (strcmp(alarm->members[i].cause, unknown_cause_name(UNKNOWN_DISPUTED)) != 0)
			return false;
	}
	return true;
}

static const char *what(const struct telling *telling)
{
	const struct words *words = &telling->words;

	if (is_disputed(telling->alarm))
		return telling->alarm->phase == ALARM_CLOSED
			? words_pick(words, "▲ Identitas alat sudah jelas",
				  "▲ It is clear which device is right")
			: words_pick(words, "⚠ Dua alat memakai satu identitas",
				  "⚠ Two devices use one identity");
	if (telling->alarm->past == PAST_TOLD)
		return past_word(telling);
	if (telling->alarm->phase == ALARM_CLOSED)
		return words_pick(words, "▲ Pulih", "▲ Back");
	if (telling->alarm->flapping)
		return words_pick(words, "≈ Naik-turun", "≈ Flapping");
	if (telling->notice->silent_only)
		return words_pick(words, "◌ Tidak ada kabar", "◌ No news");
	if (telling->notice->silent)
		return words_pick(words, "▼ Putus atau tanpa kabar", "▼ Down or without news");
	return words_pick(words, "▼ Putus", "▼ Down");
}

static void write_subject(const struct telling *telling, struct notice *notice)
{
	const struct words *words = &telling->words;
	const char *before = telling->alarm->escalated_s && telling->alarm->phase == ALARM_TOLD
		? words_pick(words, "Belum ditangani: ", "Not taken care of: ")
		: "";
	char place[WHERE_BYTES], many[48] = "";

	if (telling->alarm->night) {
		snprintf(notice->subject, sizeof(notice->subject), "%s: %zu",
			words_pick(words, "Gangguan kecil semalam, sudah pulih",
				"Small outages last night, all back"),
			notice->links);
		return;
	}
	if (notice->links > 1)
		snprintf(many, sizeof(many), "%zu %s, ", notice->links,
			words_pick(words, "sambungan", "links"));
	snprintf(notice->subject, sizeof(notice->subject), "%s%s: %s%s", before, what(telling),
		many, where(telling, place));
}

/* ---- the lines */

static void say_when(struct telling *telling)
{
	const struct notice *notice = telling->notice;
	int64_t until_s = notice->to_s == SPAN_FOREVER ? telling->alarm->version_s : notice->to_s;
	char from[MOMENT_BYTES], to[MOMENT_BYTES], took[LENGTH_BYTES];

	moment(telling, notice->from_s, from);
	moment(telling, until_s, to);
	length(&telling->words, until_s - notice->from_s, took);
	if (notice->to_s == SPAN_FOREVER)
		words_say(&telling->words, "Sejak %s (%s).\n", "Since %s (%s).\n", from, took);
	else
		words_say(&telling->words, "%s sampai %s (%s).\n", "%s to %s (%s).\n", from, to,
			took);
}

static void say_counts(struct telling *telling)
{
	const struct notice *notice = telling->notice;

	if (notice->links < 2)
		return;
	words_say(&telling->words, "%zu sambungan", "%zu links", notice->links);
	if (notice->lasting < notice->links)
		words_say(&telling->words, ", %zu sudah pulih", ", %zu are back",
			notice->links - notice->lasting);
	if (notice->silent && !notice->silent_only)
		words_say(
			&telling->words, ", %zu tanpa kabar", ", %zu without news", notice->silent);
	words_say(&telling->words, ".\n", ".\n");
}

/* What most of those that were down point at. */
static void say_cause(struct telling *telling)
{
	size_t counts[DOWN_CAUSE_COUNT] = {0}, best = 0;

	for (size_t i = 0; i < telling->alarm->count; i++)
		for (int cause = 0; cause < DOWN_CAUSE_COUNT; cause++)
			counts[cause] += strcmp(telling->alarm->members[i].cause,
						 down_cause_name((enum down_cause)cause)) == 0;
	for (size_t cause = 0; cause < DOWN_CAUSE_COUNT; cause++)
		if (counts[cause] > counts[best])
			best = cause;
	if (counts[best])
		words_say(&telling->words, "Sebab: %s.\n", "Cause: %s.\n",
			words_down_cause(&telling->words, (enum down_cause)best));
}

static void say_doubt(struct telling *telling)
{
	if (is_disputed(telling->alarm) && telling->alarm->phase != ALARM_CLOSED)
		words_say(&telling->words,
			"Alat ukur ini disalin: dua alat melapor bersamaan. Yang mereka ukur "
			"belum dihitung sampai diputuskan alat mana yang benar (Keputusan).\n",
			"The agent was copied: two devices report at once. What they measure "
			"counts for nothing until somebody decides which of them is right "
			"(Decisions).\n");
	if (!telling->notice->silent_only || telling->alarm->phase == ALARM_CLOSED)
		return;
	words_say(&telling->words,
		"Alat ukur tidak mengirim kabar. Itu belum berarti internetnya putus: listrik "
		"padam pun tampak begini.\n",
		"The agent sends nothing. That does not mean that the internet is down: a power "
		"cut looks the same.\n");
	if (telling->alarm->scope == FALL_ALL)
		words_say(&telling->words,
			"Semua sekaligus: periksa dulu sambungan server pengumpul.\n",
			"All at once: look at the collector's own connection first.\n");
}

static void say_share(struct telling *telling, const char *what, uint32_t links, int64_t s)
{
	char took[LENGTH_BYTES];

	if (!s && !links)
		return;
	if (telling->notice->links > 1)
		words_say(&telling->words, " %u %s;", " %u %s;", links, what);
	else
		words_say(&telling->words, " %s %s;", " %s for %s;", what,
			length(&telling->words, s, took));
}

/* What the silence was, now that late records have come. */
static void say_past(struct telling *telling)
{
	const struct alarm_hindsight *found = &telling->alarm->hindsight;
	const struct words *words = &telling->words;

	if (telling->alarm->past != PAST_TOLD)
		return;
	words_say(&telling->words, "Kabar yang terlambat sudah datang. Selama tanpa kabar:",
		"Late news has come. During the silence:");
	if (found->looked < found->silent)
		words_say(&telling->words,
			" (contoh %u dari %u sambungan yang tanpa kabar, bukan semuanya)",
			" (a sample of %u of the %u links without news, not all)", found->looked,
			found->silent);
	say_share(telling, words_pick(words, "putus", "down"), found->down, found->down_s);
	say_share(telling, words_pick(words, "listrik padam", "without power"), found->power,
		found->power_s);
	say_share(telling, words_pick(words, "internet normal", "up"), found->up, found->up_s);
	say_share(telling, words_pick(words, "belum diketahui", "still not known"), found->unknown,
		found->rest_s);
	words_say(&telling->words, "\n", "\n");
	if (found->down_s && found->has_cause)
		words_say(&telling->words, "Sebab putus: %s.\n", "Cause of being down: %s.\n",
			words_down_cause(&telling->words, found->cause));
}

static void say_people(struct telling *telling)
{
	char at[MOMENT_BYTES];

	if (telling->alarm->acknowledged_s)
		words_say(&telling->words, "Ditangani oleh %s sejak %s.\n",
			"Taken care of by %s since %s.\n", telling->alarm->acknowledged_by,
			moment(telling, telling->alarm->acknowledged_s, at));
	if (telling->alarm->flapping && telling->alarm->phase == ALARM_TOLD)
		words_say(&telling->words,
			"Berulang kali putus dan pulih; pesan berikutnya bila sudah tenang.\n",
			"Down and back again and again; the next message comes once it is calm.\n");
}

static void say_link(struct telling *telling, const struct alarm_member *member)
{
	const struct atlas_link *link = atlas_find(telling->atlas, member->link);
	char from[MOMENT_BYTES], took[LENGTH_BYTES];

	if (!link)
		return;
	words_say(&telling->words, "- %s, %s, %s (%s)", "- %s, %s, %s (%s)", link->desa,
		atlas_kecamatan(telling->atlas, link), atlas_kabupaten(telling->atlas, link),
		atlas_provider(telling->atlas, link));
	if (telling->alarm->night)
		words_say(&telling->words, ": %s, %s", ": %s, %s",
			moment(telling, member->from_s, from),
			length(&telling->words, member->to_s - member->from_s, took));
	words_say(&telling->words, "\n", "\n");
}

static void say_links(struct telling *telling)
{
	size_t count = telling->alarm->count;

	for (size_t i = 0; i < count && i < LINES_MAX; i++)
		say_link(telling, &telling->alarm->members[i]);
	if (count > LINES_MAX)
		words_say(
			&telling->words, "dan %zu lainnya\n", "and %zu more\n", count - LINES_MAX);
}

/* The zone of the alarm's first link; of one that is of no link the province's: any link's. */
static const struct atlas_link *zone_of(const struct alarm *alarm, const struct atlas *atlas)
{
	return alarm->count ? atlas_find(atlas, alarm->members[0].link) : atlas_at(atlas, 0);
}

int notice_text(const struct alarm *alarm, const struct atlas *atlas,
	const struct notice_style *style, struct notice *notice)
{
	const struct atlas_link *first = zone_of(alarm, atlas);
	struct telling telling = {
		.alarm = alarm,
		.atlas = atlas,
		.notice = notice,
		.words = {.out = &notice->text,
			.language = style->language,
			.offset_s = first ? first->offset_s : 0},
	};

	snprintf(telling.zone, sizeof(telling.zone), "%s", first ? first->zone : "UTC");
	if (alarm->renewals.is) {
		renewals_subject(alarm, &telling.words, notice);
		say_when(&telling);
		renewals_say(alarm, &telling.words);
		return telling.words.failed;
	}
	write_subject(&telling, notice);
	if (!alarm->night) {
		say_when(&telling);
		say_counts(&telling);
		say_cause(&telling);
		say_doubt(&telling);
		say_past(&telling);
		say_people(&telling);
	}
	say_links(&telling);
	if (style->url[0])
		words_say(&telling.words, "%s/gangguan\n", "%s/gangguan\n", style->url);
	return telling.words.failed;
}
