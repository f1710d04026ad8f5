/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/export/line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
	for (size_t i = 0; i < length; i++) {
		bool is_break = value[i] == '\n' || value[i] == '\r';
		if (strchr(",= ", value[i]) || is_break)
			put_text(writer, "\\");
		put(writer, is_break ? " " : &value[i], 1);
	}
}

static void put_number(struct writer *writer, const char *key, uint64_t value)
{
	char text[64];
	/* their integers are signed */
	uint64_t most = value > INT64_MAX ? INT64_MAX : value;

	snprintf(text, sizeof(text), "%c%s=%" PRIu64 "i", writer->first_field ? ' ' : ',', key,
		most);
	put_text(writer, text);
	writer->first_field = false;
}

static void begin(struct writer *writer, const char *measurement, const struct line_tags *tags)
{
	char link[24];

	writer->length = 0;
	writer->first_field = true;
	snprintf(link, sizeof(link), "%" PRId64, tags->link);
	put_text(writer, measurement);
	put_tag(writer, "desa", tags->desa); /* tags in the order of their names: spares a sort */
	put_tag(writer, "kabupaten", tags->kabupaten);
	put_tag(writer, "kecamatan", tags->kecamatan);
	put_tag(writer, "link", link);
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

int line_append(struct buf *out, const struct outbox_event *event, const struct line_tags *tags)
{
	struct writer writer;
	char time[32];

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
	default: return 0;
	}
	snprintf(time, sizeof(time), " %" PRId64 "\n", event->at_s);
	put_text(&writer, time);
	return buf_append(out, writer.text, writer.length);
}
