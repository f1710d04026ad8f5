/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/line.h"

#include <errno.h>
#include <string.h>

#include "common/scratch.h"

#define ESCAPED ",= \n\r" /* in the value of a tag */
/* A tag's value with every byte escaped, its key, and the numbers of the longest line. */
#define TAG_MAX (REGISTRY_NAME_BYTES * 2)
#define LINE_MAX (TAG_MAX + 4 * 64 + 8 * 40)

struct writer {
	char text[LINE_MAX];
	size_t length;
	bool first_field;
};

static void put(struct writer *writer, const char *text, size_t length)
{
	if (writer->length + length > sizeof(writer->text))
		return; /* LINE_MAX has room for all that there is */
	memcpy(writer->text + writer->length, text, length);
	writer->length += length;
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text, strlen(text));
}

/* Comma, equals sign and space are escaped; a line feed would end the line; a backslash at the end
 * would escape what follows the value. */
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
	if (strcspn(value, ESCAPED) >= length) {
		put(writer, value, length);
		return;
	}
	for (size_t i = 0; i < length; i++) {
		bool is_break = value[i] == '\n' || value[i] == '\r';
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

static void put_number(struct writer *writer, const char *key, uint64_t value)
{
	put(writer, writer->first_field ? " " : ",", 1);
	put_text(writer, key);
	put(writer, "=", 1);
	/* their integers are signed */
	put_digits(writer, value > INT64_MAX ? INT64_MAX : value);
	put(writer, "i", 1);
	writer->first_field = false;
}

static void begin(struct writer *writer, const char *measurement, const struct line_tags *tags)
{
	writer->length = 0;
	writer->first_field = true;
	put_text(writer, measurement);
	put_tag(writer, "desa", tags->desa); /* tags in the order of their names: spares a sort */
	put_tag(writer, "kabupaten", tags->kabupaten);
	put_tag(writer, "kecamatan", tags->kecamatan);
	put_text(writer, ",link=");
	put_signed(writer, tags->link);
	put_tag(writer, "provider", tags->provider);
}

static void put_slot(struct writer *writer, const struct outbox_slot *slot)
{
	put_number(writer, "rounds", slot->rounds);
	put_number(writer, "lost", slot->lost);
	put_number(writer, "sent", slot->sent);
	put_number(writer, "recv", slot->received);
	if (!slot->received)
		return;
	put_number(writer, "rtt_min_us", slot->rtt_min_us);
	put_number(writer, "rtt_avg_us", slot->rtt_avg_us);
	put_number(writer, "rtt_max_us", slot->rtt_max_us);
}

static void put_wan(struct writer *writer, const struct outbox_wan *wan)
{
	put_number(writer, "rx_bytes", wan->rx_bytes);
	put_number(writer, "tx_bytes", wan->tx_bytes);
	if (wan->carrier != CARRIER_UNKNOWN)
		put_number(writer, "carrier", wan->carrier == CARRIER_UP);
}

/* What was not measured is left out. */
static void put_speed(struct writer *writer, const struct outbox_speed *speed)
{
	if (speed->down_kbps)
		put_number(writer, "down_kbps", speed->down_kbps);
	if (speed->up_kbps)
		put_number(writer, "up_kbps", speed->up_kbps);
	put_number(writer, "bytes", speed->bytes);
	if (speed->loaded_rtt_us)
		put_number(writer, "loaded_rtt_us", speed->loaded_rtt_us);
}

static void put_day(struct writer *writer, const struct outbox_day *day)
{
	put_number(writer, "u", (uint64_t)day->u);
	put_number(writer, "d", (uint64_t)day->d);
	put_number(writer, "n", (uint64_t)day->n);
	put_number(writer, "e", (uint64_t)day->e);
}

int line_append(struct buf *out, const struct outbox_event *event, const struct line_tags *tags)
{
	SCRATCH struct writer writer;

	switch (event->kind) {
	case OUTBOX_SLOT:
		begin(&writer, "pantau_slot", tags);
		put_slot(&writer, &event->slot);
		break;
	case OUTBOX_WAN:
		begin(&writer, "pantau_wan", tags);
		put_wan(&writer, &event->wan);
		break;
	case OUTBOX_STATE:
		begin(&writer, "pantau_state", tags);
		put_number(&writer, "state", event->up);
		break;
	case OUTBOX_SPEED:
		begin(&writer, "pantau_speed", tags);
		put_speed(&writer, &event->speed);
		break;
	case OUTBOX_DAY:
		begin(&writer, "pantau_sla_day", tags);
		put_day(&writer, &event->day);
		break;
	default: return 0;
	}
	put(&writer, " ", 1);
	put_signed(&writer, event->at_s);
	put(&writer, "\n", 1);
	return buf_append(out, writer.text, writer.length);
}
