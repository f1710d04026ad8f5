/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/line.h"

#include <string.h>

#define SPECIAL "\\,= \n\r" /* in the value of a tag */
#define TAG_MAX (REGISTRY_NAME_BYTES * 2) /* a value with every byte escaped */
#define TAGS_MAX (TAG_MAX + 4 * 64)
#define FIELDS_MAX 512 /* the measurement, the numbers of the longest line and its time */

struct writer {
	char *at, *end;
};

static void put(struct writer *writer, const char *text, size_t length)
{
	if ((size_t)(writer->end - writer->at) < length)
		return; /* TAGS_MAX and FIELDS_MAX have room for all that there is */
	memcpy(writer->at, text, length);
	writer->at += length;
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text, strlen(text));
}

/* Comma, equals sign and space are escaped; a line feed would end the line. A backslash before one
 * of them, before another or at the end is left out: it would escape what follows, and stores do
 * not agree on what two of them are. */
static void put_tag(struct writer *writer, const char *key, const char *value)
{
	size_t length = strlen(value);

	while (length && value[length - 1] == '\\')
		length--;
	if (!length)
		return;
	put_text(writer, ",");
	put_text(writer, key);
	put_text(writer, "=");
	if (strcspn(value, SPECIAL) >= length) {
		put(writer, value, length);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		bool is_break = value[i] == '\n' || value[i] == '\r';
		if (value[i] == '\\' && strchr(SPECIAL, value[i + 1]))
			continue;
		if (strchr(",= ", value[i]) || is_break)
			put_text(writer, "\\");
		put(writer, is_break ? " " : &value[i], 1);
	}
}

/* Numbers are half of a line, and printf is slow at them. */
static void put_digits(struct writer *writer, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(writer, digits + at, sizeof(digits) - at);
}

static void put_signed(struct writer *writer, int64_t value)
{
	if (value < 0)
		put(writer, "-", 1);
	put_digits(writer, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

/* Each ends with a comma; line_append() makes a space of the last one. */
#define PUT_NUMBER(writer, key, value) put_number(writer, key "=", sizeof(key), value)

static void put_number(struct writer *writer, const char *key, size_t length, uint64_t value)
{
	put(writer, key, length);
	/* their integers are signed */
	put_digits(writer, value > INT64_MAX ? INT64_MAX : value);
	put(writer, "i,", 2);
}

int line_tags_append(struct buf *out, const struct line_tags *tags)
{
	char text[TAGS_MAX];
	struct writer writer = {text, text + sizeof(text)};

	put_tag(&writer, "desa", tags->desa); /* in the order of their names: spares a sort */
	put_tag(&writer, "kabupaten", tags->kabupaten);
	put_tag(&writer, "kecamatan", tags->kecamatan);
	put_text(&writer, ",link=");
	put_signed(&writer, tags->link);
	put_tag(&writer, "provider", tags->provider);
	return buf_append(out, text, (size_t)(writer.at - text));
}

static void put_slot(struct writer *writer, const struct outbox_slot *slot)
{
	PUT_NUMBER(writer, "rounds", slot->rounds);
	PUT_NUMBER(writer, "lost", slot->lost);
	PUT_NUMBER(writer, "sent", slot->sent);
	PUT_NUMBER(writer, "recv", slot->received);
	if (!slot->received)
		return;
	PUT_NUMBER(writer, "rtt_min_us", slot->rtt_min_us);
	PUT_NUMBER(writer, "rtt_avg_us", slot->rtt_avg_us);
	PUT_NUMBER(writer, "rtt_max_us", slot->rtt_max_us);
}

static void put_wan(struct writer *writer, const struct outbox_wan *wan)
{
	PUT_NUMBER(writer, "rx_bytes", wan->rx_bytes);
	PUT_NUMBER(writer, "tx_bytes", wan->tx_bytes);
	if (wan->carrier != CARRIER_UNKNOWN)
		PUT_NUMBER(writer, "carrier", wan->carrier == CARRIER_UP);
}

/* What was not measured is left out. */
static void put_speed(struct writer *writer, const struct outbox_speed *speed)
{
	if (speed->down_kbps)
		PUT_NUMBER(writer, "down_kbps", speed->down_kbps);
	if (speed->up_kbps)
		PUT_NUMBER(writer, "up_kbps", speed->up_kbps);
	PUT_NUMBER(writer, "bytes", speed->bytes);
	if (speed->loaded_rtt_us)
		PUT_NUMBER(writer, "loaded_rtt_us", speed->loaded_rtt_us);
}

static void put_day(struct writer *writer, const struct outbox_day *day)
{
	PUT_NUMBER(writer, "u", (uint64_t)day->u);
	PUT_NUMBER(writer, "d", (uint64_t)day->d);
	PUT_NUMBER(writer, "n", (uint64_t)day->n);
	PUT_NUMBER(writer, "e", (uint64_t)day->e);
}

static void put_fields(struct writer *writer, const struct outbox_event *event)
{
	switch (event->kind) {
	case OUTBOX_SLOT: put_slot(writer, &event->slot); break;
	case OUTBOX_WAN: put_wan(writer, &event->wan); break;
	case OUTBOX_STATE: PUT_NUMBER(writer, "state", event->up); break;
	case OUTBOX_SPEED: put_speed(writer, &event->speed); break;
	case OUTBOX_DAY: put_day(writer, &event->day); break;
	default: break;
	}
}

int line_append(struct buf *out, const struct outbox_event *event, const struct line_head *head)
{
	static const char *const measurements[] = {
		[OUTBOX_SLOT] = "pantau_slot",
		[OUTBOX_WAN] = "pantau_wan",
		[OUTBOX_STATE] = "pantau_state",
		[OUTBOX_SPEED] = "pantau_speed",
		[OUTBOX_DAY] = "pantau_sla_day",
	};
	size_t kind = (size_t)event->kind, room = head->length + FIELDS_MAX;
	struct writer writer;
	uint8_t *line;
	int r;

	if (kind >= sizeof(measurements) / sizeof(*measurements) || !measurements[kind])
		return 0;
	r = buf_reserve(out, room, &line);
	if (r < 0)
		return r;
	writer = (struct writer){(char *)line, (char *)line + room};
	put_text(&writer, measurements[kind]);
	put(&writer, head->text, head->length);
	put(&writer, " ", 1);
	put_fields(&writer, event);
	writer.at[-1] = ' ';
	put_signed(&writer, event->at_s);
	put(&writer, "\n", 1);
	buf_commit(out, (size_t)(writer.at - (char *)line));
	return 0;
}
