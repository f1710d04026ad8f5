/* SPDX-License-Identifier: Apache-2.0 */
/* Where an agent's word and what the collector saw cannot both be true: one item a day and kind. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "collector/explain/inbox_private.h"
#include "collector/explain/inbox_report.h"
#include "collector/store/ledger_flag.h"
#include "common/civil.h"

#define DAY_SECONDS 86400

struct flagged {
	struct inbox_run *run;
	const struct inbox_link *link;
	size_t first; /* of this link's items in the inbox */
};

int64_t inbox_flag_day(int64_t second, int64_t midnight_s)
{
	return (second - midnight_s) / DAY_SECONDS * DAY_SECONDS + midnight_s;
}

static int64_t day_of(const struct flagged *flagged, int64_t second)
{
	return inbox_flag_day(second, flagged->link->period.from);
}

/* The same day's of the same kind. NULL: it is the first. */
static struct inbox_item *find_item(const struct flagged *flagged, const struct flag *flag)
{
	struct inbox *inbox = &flagged->run->inbox;

	for (size_t i = inbox->count; i > flagged->first; i--) {
		struct inbox_item *item = &inbox->items[i - 1];
		if (item->flag.kind == flag->kind &&
			day_of(flagged, item->from_s) == day_of(flagged, flag->from_s))
			return item;
	}
	return NULL;
}

/* The longest speaks for them all. */
static void join(struct inbox_item *item, const struct flag *flag)
{
	item->seconds += flag->to_s - flag->from_s;
	item->to_s = flag->to_s > item->to_s ? flag->to_s : item->to_s;
	if (flag->to_s - flag->from_s > item->flag.to_s - item->flag.from_s)
		item->flag = *flag;
}

static int see_flag(void *arg, const struct ledger_flag *told)
{
	struct flagged *flagged = arg;
	const struct flag *flag = &told->flag;
	struct inbox_item *item;

	if (flag->from_s < flagged->link->period.from)
		return 0; /* the month before has it */
	item = find_item(flagged, flag);
	if (item) {
		join(item, flag);
		return 0;
	}
	item = inbox_add(flagged->run, INBOX_WITNESS, flagged->link->link, INBOX_FLAG_ID,
		told->link, (int)flag->kind, day_of(flagged, flag->from_s));
	if (!item)
		return -ENOMEM;
	item->number = flag->kind;
	item->from_s = flag->from_s;
	item->to_s = flag->to_s;
	item->seconds = flag->to_s - flag->from_s;
	item->flag = *flag;
	return 0;
}

int inbox_flag_items(struct inbox_run *run, const struct inbox_link *link)
{
	struct flagged flagged = {run, link, run->inbox.count};
	const struct ledger_span month = {link->link->id, link->period.from, link->period.as_of};

	return ledger_flags(run->source->ledger, &month, see_flag, &flagged, run->err);
}

void inbox_describe_flag(const struct inbox_item *item, char *words)
{
	const struct flag *flag = &item->flag;
	char said[CIVIL_TIME_BYTES] = "", seen[CIVIL_TIME_BYTES] = "";

	switch (flag->kind) {
	case FLAG_DOWN_HEARD:
		snprintf(words, INBOX_WORDS_BYTES,
			"agen: %" PRId64 " detik tidak ada yang dapat lewat; kolektor: %" PRId64
			" catatan tiba lewat link ini di tengahnya",
			flag->said, flag->seen);
		return;
	case FLAG_AHEAD:
		civil_format_local(flag->said, item->offset_s, said);
		civil_format_local(flag->seen, item->offset_s, seen);
		snprintf(words, INBOX_WORDS_BYTES,
			"agen: slot sampai %s; kolektor: sudah menerimanya %s (%" PRId64 " slot)",
			said, seen, flag->count);
		return;
	case FLAG_RTT_LOW:
		snprintf(words, INBOX_WORDS_BYTES,
			"agen: nilai tengah RTT ke kolektor %" PRId64 " us dari %" PRId64
			" jawaban; kolektor (TCP_INFO): tidak pernah di bawah %" PRId64 " us",
			flag->said, flag->count, flag->seen);
		return;
	case FLAG_UP_UNSEEN:
		snprintf(words, INBOX_WORDS_BYTES,
			"agen: baik selama %" PRId64
			" detik; kolektor: tidak ada yang tiba, sedang "
			"dari %" PRId64 " link lain penyedia ini %" PRId64
			" terdengar (tidak dapat "
			"dipastikan, bukan bukti)",
			flag->said, flag->count, flag->seen);
		return;
	case FLAG_SPEED_UNSERVED:
		snprintf(words, INBOX_WORDS_BYTES,
			"agen: uji kecepatan %" PRId64 " kbit/s, paling sedikit %" PRId64
			" byte diterima; server uji: hanya %" PRId64 " byte dikirim",
			flag->count, flag->said, flag->seen);
		return;
	default: snprintf(words, INBOX_WORDS_BYTES, "?");
	}
}
