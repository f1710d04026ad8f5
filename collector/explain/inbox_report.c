/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/explain/inbox_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/explain/explain_names.h"
#include "collector/explain/json_put.h"
#include "collector/report/sla_report.h"
#include "common/civil.h"
#include "common/crypto.h"

#define TEXT_PARTS 5 /* spans beneath an item: JSON and CSV have them all */

static const struct table_column columns[] = {
	{"item"},
	{"kind"},
	{"link", NULL, TABLE_NUMBER},
	{"contract", NULL, TABLE_NUMBER},
	{"desa"},
	{"provider"},
	{"from"},
	{"to"},
	{"seconds", NULL, TABLE_NUMBER},
	{"rupiah", NULL, TABLE_NUMBER},
	{"cause"},
	{"links", NULL, TABLE_NUMBER},
	{"evidence"},
	{"command"},
	{"spans"},
	{"dismissal", NULL, TABLE_NUMBER},
	{"dismissed_by"},
	{"dismissed_note"},
	{NULL},
};

static const struct table_column text_columns[] = {
	{"item", "Perkara"},
	{"rupiah", "Rupiah", TABLE_NUMBER},
	{"duration", "Lama", TABLE_NUMBER},
	{"link", "Link", TABLE_NUMBER},
	{"desa", "Desa"},
	{"provider", "Penyedia"},
	{"from", "Mulai"},
	{"to", "Sampai"},
	{"evidence", "Bukti"},
	{"command", "Yang dapat dilakukan"},
	{NULL},
};

/* What the item's seconds are booked under, or would be; "" none. */
static const char *cause_of(const struct inbox_item *item)
{
	if (item->kind == INBOX_POWER_GAP)
		return unknown_cause_name((enum unknown_cause)item->cause);
	return item->kind == INBOX_OUTAGE ? down_cause_name((enum down_cause)item->cause) : "";
}

static void put_id(struct table *table, int64_t id)
{
	if (id)
		table_number(table, id);
	else
		table_empty(table);
}

static void put_time(struct table *table, int64_t utc_s)
{
	char text[CIVIL_TIME_BYTES] = "";

	if (utc_s != SPAN_FOREVER)
		civil_format(utc_s, text);
	table_text(table, text);
}

/* "FROM/TO CAUSE; ...": as one cell. 0, -ENOMEM, -ENOBUFS. */
static int write_parts(const struct inbox_item *item, struct buf *out)
{
	char from[CIVIL_TIME_BYTES], to[CIVIL_TIME_BYTES], text[100];
	int failed = 0;

	for (size_t i = 0; !failed && i < item->part_count; i++) {
		const struct inbox_part *part = &item->parts[i];
		civil_format(part->from_s, from);
		civil_format(part->to_s, to);
		snprintf(text, sizeof(text), "%s%s/%s %s", i ? "; " : "", from, to,
			unknown_cause_name(part->cause));
		failed = buf_append(out, text, strlen(text));
	}
	return failed ? failed : buf_append(out, "", 1);
}

static int put_parts(struct table *table, const struct inbox_item *item)
{
	struct buf cell;
	int failed;

	buf_init(&cell, TABLE_BYTES_MAX);
	failed = write_parts(item, &cell);
	table_text(table, failed ? "" : (const char *)buf_peek(&cell));
	buf_done(&cell);
	return failed;
}

static int put_item(struct table *table, const struct inbox_item *item)
{
	char words[INBOX_WORDS_BYTES];
	int failed;

	table_text(table, item->id);
	table_text(table, inbox_kind_name(item->kind));
	put_id(table, item->link);
	put_id(table, item->contract);
	table_text(table, item->desa);
	table_text(table, item->provider);
	put_time(table, item->from_s);
	put_time(table, item->to_s);
	table_number(table, item->seconds);
	table_number(table, item->rupiah);
	table_text(table, cause_of(item));
	table_number(table, item->links);
	inbox_evidence(item, words);
	table_text(table, words);
	inbox_command(item, words);
	table_text(table, words);
	failed = put_parts(table, item);
	put_id(table, item->dismissal);
	table_text(table, item->dismissed_by);
	table_text(table, item->dismissed_note);
	return failed;
}

struct table *inbox_table(const struct inbox *inbox)
{
	struct table *table = table_new(columns);
	int failed = 0;

	for (size_t i = 0; table && !failed && i < inbox->count; i++)
		failed = put_item(table, &inbox->items[i]);
	if (!failed)
		return table;
	table_free(table);
	return NULL;
}

/* ---- for people */

static void put_local(struct table *table, int64_t utc_s, int32_t offset_s)
{
	char text[CIVIL_TIME_BYTES] = "-";

	if (utc_s != SPAN_FOREVER)
		civil_format_local(utc_s, offset_s, text);
	table_text(table, text);
}

static void put_stake(struct table *table, int64_t rupiah, int64_t seconds)
{
	char text[RUPIAH_BYTES], duration[DURATION_BYTES];

	rupiah_format(rupiah, text);
	duration_format(seconds, duration);
	table_text(table, text);
	table_text(table, duration);
}

static void put_text_part(
	struct table *table, const struct inbox_item *item, const struct inbox_part *part)
{
	table_empty(table);
	put_stake(table, part->rupiah, part->to_s - part->from_s);
	table_empty(table);
	table_empty(table);
	table_empty(table);
	put_local(table, part->from_s, item->offset_s);
	put_local(table, part->to_s, item->offset_s);
	table_text(table, unknown_cause_name(part->cause));
	table_empty(table);
}

static void put_text_item(struct table *table, const struct inbox_item *item)
{
	char words[INBOX_WORDS_BYTES];

	table_text(table, item->id);
	put_stake(table, item->rupiah, item->seconds);
	put_id(table, item->link);
	table_text(table, item->desa);
	table_text(table, item->provider);
	put_local(table, item->from_s, item->offset_s);
	put_local(table, item->to_s, item->offset_s);
	inbox_evidence(item, words);
	table_text(table, words);
	if (item->dismissal)
		snprintf(words, sizeof(words), "dikesampingkan oleh %s (%" PRId64 "): %s",
			item->dismissed_by, item->dismissal, item->dismissed_note);
	else
		inbox_command(item, words);
	table_text(table, words);
	for (size_t i = 0; i < item->part_count && i < TEXT_PARTS; i++)
		put_text_part(table, item, &item->parts[i]);
}

struct table *inbox_text_table(const struct inbox *inbox)
{
	struct table *table = table_new(text_columns);

	for (size_t i = 0; table && i < inbox->count; i++)
		put_text_item(table, &inbox->items[i]);
	return table;
}

/* ---- JSON */

static void put_json_parts(const struct inbox_item *item, struct json *json)
{
	json_array(json, "spans");
	for (size_t i = 0; i < item->part_count; i++) {
		const struct inbox_part *part = &item->parts[i];
		json_object(json, NULL);
		json_put_span(json, part->from_s, part->to_s);
		json_text(json, "cause", unknown_cause_name(part->cause));
		json_number(json, "rupiah", part->rupiah);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_json_devices(const struct inbox_item *item, struct json *json)
{
	char boot[2 * BOOT_BYTES + 1], address[NAMES_ADDRESS_BYTES];

	json_array(json, "devices");
	for (size_t i = 0; i < item->device_count; i++) {
		const struct inbox_device *device = &item->devices[i];
		hex_format(device->boot, BOOT_BYTES, boot);
		json_object(json, NULL);
		json_text(json, "boot", boot);
		json_number(json, "slots", device->slots);
		json_put_span(json, device->from_s, device->to_s);
		json_put_words(json, "wan", device->via_wan);
		names_address(&device->address, 0, address);
		json_put_words(json, "address", address);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_json_id(struct json *json, const char *key, int64_t id)
{
	if (id)
		json_number(json, key, id);
	else
		json_null(json, key);
}

static void put_json_item(const struct inbox_item *item, struct json *json)
{
	char words[INBOX_WORDS_BYTES];

	json_object(json, NULL);
	json_text(json, "item", item->id);
	json_text(json, "kind", inbox_kind_name(item->kind));
	put_json_id(json, "link", item->link);
	put_json_id(json, "contract", item->contract);
	json_put_words(json, "desa", item->desa);
	json_text(json, "provider", item->provider);
	json_put_time(json, "from", item->from_s);
	json_put_time(json, "to", item->to_s);
	json_number(json, "seconds", item->seconds);
	json_number(json, "rupiah", item->rupiah);
	json_put_words(json, "cause", cause_of(item));
	json_number(json, "links", item->links);
	inbox_evidence(item, words);
	json_text(json, "evidence", words);
	inbox_command(item, words);
	json_text(json, "command", words);
	put_json_id(json, "number", item->number);
	json_put_words(json, "by", item->by);
	json_put_words(json, "note", item->note);
	put_json_parts(item, json);
	put_json_devices(item, json);
	put_json_id(json, "dismissal", item->dismissal);
	json_put_words(json, "dismissed_by", item->dismissed_by);
	json_put_words(json, "dismissed_note", item->dismissed_note);
	json_object_end(json);
}

void inbox_json(
	const struct inbox *inbox, size_t first, size_t after, struct json *json, const char *key)
{
	json_array(json, key);
	for (size_t i = first; i < after && i < inbox->count; i++)
		put_json_item(&inbox->items[i], json);
	json_array_end(json);
}
