/* SPDX-License-Identifier: Apache-2.0 */
/* Any row of the outbox and any names: one line, that a reader of its own takes apart into the same
 * numbers and names, by the rules of every store. */
#include <string.h>

#include "collector/export/line.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/line_reader.h"

#define LINE_MAX_BYTES 4096

struct script { /* the numbers, then the names */
	struct {
		uint32_t kind;
		int64_t link, at_s;
		uint64_t numbers[4];
	} head;
	char text[REGISTRY_NAME_BYTES];
};

static void fill(struct outbox_event *event, const struct script *script)
{
	const uint64_t *from = script->head.numbers;

	*event = (struct outbox_event){.link = script->head.link,
		.at_s = script->head.at_s,
		.kind = (enum outbox_kind)(script->head.kind % (OUTBOX_DAY + 1))};
	switch (event->kind) {
	case OUTBOX_SLOT:
		event->slot = (struct outbox_slot){(uint32_t)from[0], (uint32_t)from[1],
			(uint32_t)from[2], (uint32_t)from[3], 1, 2, 3};
		break;
	case OUTBOX_WAN:
		event->wan = (struct outbox_wan){from[0] >> 1, from[1] >> 1, from[2] % 3};
		break;
	case OUTBOX_STATE: event->up = from[0] & 1; break;
	case OUTBOX_SPEED:
		event->speed = (struct outbox_speed){
			(uint32_t)from[0], (uint32_t)from[1], (uint32_t)from[2], from[3] >> 1};
		break;
	case OUTBOX_DAY:
		for (size_t i = 0; i < 4; i++)
			(&event->day.u)[i] = (int64_t)(from[i] >> 1);
		break;
	default: break;
	}
}

/* What a name comes out as: a break of lines is a blank; a backslash stands where all stores take
 * it for itself, or not at all. */
static void expect_name(const char *name, char ret_name[REGISTRY_NAME_BYTES])
{
	size_t length = 0;

	for (; *name; name++) {
		if (*name == '\\' && strchr("\\,= \r\n", name[1]))
			continue;
		ret_name[length++] = strchr("\r\n", *name) ? ' ' : *name;
	}
	ret_name[length] = '\0';
}

static void check_point(const struct line_point *point, const struct line_tags *tags,
	const struct outbox_event *event)
{
	char name[REGISTRY_NAME_BYTES], link[24];

	expect_name(tags->provider, name);
	snprintf(link, sizeof(link), "%lld", (long long)tags->link);
	FUZZ_CHECK(strcmp(point->tags[0].key, "link") == 0);
	FUZZ_CHECK(strcmp(point->tags[0].value, link) == 0);
	FUZZ_CHECK(point->tag_count == (name[0] ? 2 : 1));
	if (name[0]) {
		FUZZ_CHECK(strcmp(point->tags[1].key, "provider") == 0);
		FUZZ_CHECK(strcmp(point->tags[1].value, name) == 0);
	}
	FUZZ_CHECK(point->time == event->at_s && strncmp(point->measurement, "pantau_", 7) == 0);
	if (event->kind == OUTBOX_SLOT) {
		FUZZ_CHECK(point->fields[0].value == event->slot.rounds);
		FUZZ_CHECK(point->field_count == (event->slot.received ? 7 : 4));
	} else if (event->kind == OUTBOX_WAN) {
		FUZZ_CHECK(point->fields[1].value == event->wan.tx_bytes);
	} else if (event->kind == OUTBOX_DAY) {
		FUZZ_CHECK(point->fields[3].value == (uint64_t)event->day.e);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct script script = {.text = ""};
	struct line_tags tags = {.link = 0};
	struct line_point point;
	struct outbox_event event;
	struct line_head head;
	struct buf line, text;

	memcpy(&script, bytes, size < sizeof(script) - 1 ? size : sizeof(script) - 1);
	fill(&event, &script);
	tags.link = event.link;
	memcpy(tags.provider, script.text, sizeof(tags.provider));
	tags.provider[sizeof(tags.provider) - 1] = '\0';
	buf_init(&line, LINE_MAX_BYTES);
	buf_init(&text, LINE_MAX_BYTES);
	FUZZ_CHECK(line_tags_append(&text, &tags) == 0);
	head = (struct line_head){tags.link, (const char *)buf_peek(&text), buf_length(&text)};
	FUZZ_CHECK(line_append(&line, &event, &head) == 0);
	if (buf_length(&line)) {
		FUZZ_CHECK(line.bytes[line.end - 1] == '\n');
		line.bytes[line.end - 1] = '\0';
		FUZZ_CHECK(strlen((const char *)buf_peek(&line)) == buf_length(&line) - 1);
		for (enum line_rule rule = LINE_BEFORE; rule <= LINE_ODD; rule++) {
			FUZZ_CHECK(line_read((const char *)buf_peek(&line), rule, &point));
			check_point(&point, &tags, &event);
		}
	}
	buf_done(&text);
	buf_done(&line);
	return 0;
}
