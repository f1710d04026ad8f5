/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/explain/explain_names.h"
#include "collector/explain/inbox_private.h"
#include "collector/explain/inbox_report.h"
#include "common/civil.h"
#include "common/crypto.h"

#define SIGNED "--by NAME --note TEXT"

static void describe_parts(const struct inbox_item *item, char *words)
{
	char from[CIVIL_TIME_BYTES] = "";
	const struct inbox_part *most = item->parts;

	if (!item->part_count) {
		snprintf(words, INBOX_WORDS_BYTES, "%" PRId64 " detik tak tentu", item->seconds);
		return;
	}
	civil_format_local(most->from_s, item->offset_s, from);
	snprintf(words, INBOX_WORDS_BYTES,
		"%" PRId64 " detik tak tentu dalam %zu rentang; yang terpenting sejak %s, %" PRId64
		" detik, %s",
		item->seconds, item->part_count, from, most->to_s - most->from_s,
		unknown_cause_name(most->cause));
}

static void name_boot(const struct inbox_device *device, char ret_name[2 * BOOT_BYTES + 1])
{
	hex_format(device->boot, BOOT_BYTES, ret_name);
	ret_name[INBOX_BOOT_DIGITS] = '\0';
}

static void describe_device(
	const struct inbox_item *item, const struct inbox_device *device, struct buf *words)
{
	char boot[2 * BOOT_BYTES + 1], from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];
	char address[NAMES_ADDRESS_BYTES], text[300];

	name_boot(device, boot);
	civil_format_local(device->from_s, item->offset_s, from);
	civil_format_local(device->to_s, item->offset_s, to);
	names_address(&device->address, 0, address);
	snprintf(text, sizeof(text), "%s boot %s %" PRId64 " slot, %s sampai %s%s%s%s%s",
		device == item->devices ? ":" : ";", boot, device->slots, from, to,
		device->via_wan[0] ? ", lewat " : "", device->via_wan, address[0] ? ", " : "",
		address);
	buf_append(words, text, strlen(text));
}

/* Whether two of its boots told of the same time. */
static bool beside_each_other(const struct inbox_item *item)
{
	for (size_t i = 0; i < item->device_count; i++) {
		for (size_t k = i + 1; k < item->device_count; k++) {
			if (item->devices[i].from_s < item->devices[k].to_s &&
				item->devices[k].from_s < item->devices[i].to_s)
				return true;
		}
	}
	return item->twin;
}

/* Which devices told the slots: people choose between them. */
static void describe_devices(const struct inbox_item *item, char *words)
{
	bool again = item->device_count > 1 && !beside_each_other(item);
	char text[120];
	struct buf buf;

	buf_init(&buf, INBOX_WORDS_BYTES - 1);
	snprintf(text, sizeof(text),
		item->twin ? "dua alat hidup bersamaan dengan identitas agen %" PRId64
			: again
			? "nomor slot agen %" PRId64
			  " dipakai lagi (cadangan yang dipulihkan, bukan dua alat sekaligus)"
			: "slot agen %" PRId64 " datang dengan lebih dari satu isi",
		item->number);
	buf_append(&buf, text, strlen(text));
	for (size_t i = 0; i < item->device_count && i < INBOX_DEVICES_TOLD; i++)
		describe_device(item, &item->devices[i], &buf);
	snprintf(words, INBOX_WORDS_BYTES, "%.*s", (int)buf_length(&buf),
		(const char *)buf_peek(&buf));
	buf_done(&buf);
}

void inbox_evidence(const struct inbox_item *item, char ret_words[INBOX_WORDS_BYTES])
{
	switch (item->kind) {
	case INBOX_UNDETERMINED: describe_parts(item, ret_words); return;
	case INBOX_POWER_GAP:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"tanpa listrik, dan slot buruk yang dibebankan kurang dari W di "
			"sebelahnya");
		return;
	case INBOX_OUTAGE:
		snprintf(ret_words, INBOX_WORDS_BYTES, "gangguan %s, perlu klarifikasi",
			down_cause_name((enum down_cause)item->cause));
		return;
	case INBOX_DISPUTE: describe_devices(item, ret_words); return;
	case INBOX_EXCLUSION:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"pengecualian %" PRId64 " menunggu pejabat kedua dan dokumen (%s: %s)",
			item->number, item->by, item->note);
		return;
	case INBOX_OBJECTION:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"keberatan %" PRId64 " belum dijawab (%s: %s)", item->number, item->by,
			item->note);
		return;
	case INBOX_WITNESS: inbox_describe_flag(item, ret_words); return;
	default:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"di antara dua kontrak: tidak terhitung di baris mana pun");
	}
}

/* An exclusion for these seconds of the item's link. */
static void exclude(const struct inbox_item *item, int64_t from_s, int64_t to_s, char *words)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];

	civil_format(from_s, from);
	civil_format(to_s, to);
	snprintf(words, INBOX_WORDS_BYTES,
		"pantau exclusion add --link %" PRId64 " --reason power --from %s --to %s " SIGNED,
		item->link, from, to);
}

static void explain(const struct inbox_item *item, int64_t at_s, char *words)
{
	char at[CIVIL_TIME_BYTES];

	civil_format(at_s, at);
	snprintf(words, INBOX_WORDS_BYTES, "pantau explain --link %" PRId64 " --at %s", item->link,
		at);
}

static void settle(const struct inbox_item *item, char *words)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES], boot[2 * BOOT_BYTES + 1];
	char boots[INBOX_DEVICES_TOLD * (INBOX_BOOT_DIGITS + 1) + 1] = "BOOT|";
	size_t length = 0;

	for (size_t i = 0; i < item->device_count && i < INBOX_DEVICES_TOLD; i++) {
		name_boot(&item->devices[i], boot);
		length += (size_t)snprintf(boots + length, sizeof(boots) - length, "%s|", boot);
	}
	civil_format(item->from_s, from);
	civil_format(item->to_s, to);
	snprintf(words, INBOX_WORDS_BYTES,
		"pantau decide dispute --agent %" PRId64
		" --from %s --to %s --accept %snone " SIGNED,
		item->number, from, to, boots);
}

static void add_contract(const struct inbox_item *item, char *words)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES];

	civil_format(item->from_s, from);
	civil_format(item->to_s, to);
	snprintf(words, INBOX_WORDS_BYTES,
		"pantau contract add --link %" PRId64 " --from %s --to %s ...", item->link, from,
		to);
}

void inbox_command(const struct inbox_item *item, char ret_words[INBOX_WORDS_BYTES])
{
	const struct inbox_part *most = item->parts;

	switch (item->kind) {
	case INBOX_UNDETERMINED:
		if (item->part_count && most->cause == UNKNOWN_POWER)
			exclude(item, most->from_s, most->to_s, ret_words);
		else
			explain(item, most ? most->from_s : item->from_s, ret_words);
		return;
	case INBOX_POWER_GAP: exclude(item, item->from_s, item->to_s, ret_words); return;
	case INBOX_DISPUTE: settle(item, ret_words); return;
	case INBOX_EXCLUSION:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"pantau exclusion confirm %" PRId64 " --second NAME --document FILE",
			item->number);
		return;
	case INBOX_OBJECTION:
		snprintf(ret_words, INBOX_WORDS_BYTES,
			"pantau objection answer %" PRId64 " --accept|--reject " SIGNED,
			item->number);
		return;
	case INBOX_CONTRACT_GAP: add_contract(item, ret_words); return;
	default: explain(item, item->from_s, ret_words);
	}
}
