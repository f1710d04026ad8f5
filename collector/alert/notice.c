/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/notice.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/alert/notice_text.h"
#include "collector/explain/json_put.h"
#include "common/json.h"

#define MEMBERS_TOLD 1000 /* to machines: 200 KB; the count says that there are more */
#define MEMBERS_BYTES_MAX (MEMBERS_TOLD * 1024)

static void put_member(
	struct json *json, const struct alarm_member *member, const struct atlas *atlas)
{
	const struct atlas_link *link = atlas_find(atlas, member->link);

	json_object(json, NULL);
	json_number(json, "link", member->link);
	if (link) {
		json_text(json, "desa", link->desa);
		json_text(json, "kabupaten", atlas_kabupaten(atlas, link));
		json_text(json, "provider", atlas_provider(atlas, link));
	}
	json_put_time(json, "from", member->from_s);
	json_put_time(json, "to", member->to_s);
	json_bool(json, "silent", member->silent);
	json_text(json, "cause", member->cause[0] ? member->cause : NULL);
	json_object_end(json);
}

static int put_members(struct notice *notice, const struct alarm *alarm, const struct atlas *atlas)
{
	struct json json;

	json_init(&json, &notice->members);
	json_array(&json, NULL);
	for (size_t i = 0; i < alarm->count && i < MEMBERS_TOLD; i++)
		put_member(&json, &alarm->members[i], atlas);
	json_array_end(&json);
	return json_end(&json);
}

int notice_write(const struct alarm *alarm, const struct atlas *atlas,
	const struct notice_style *style, struct notice *ret_notice)
{
	struct notice *notice = ret_notice;
	int r;

	*notice = (struct notice){
		.id = alarm->id,
		.version = alarm->version,
		.phase = alarm->phase,
		.escalated = alarm->escalated_s != 0,
		.acknowledged = alarm->acknowledged_s != 0,
		.explained = alarm->past == PAST_TOLD,
		.from_s = alarm->from_s,
		.to_s = alarm_to(alarm),
		.links = alarm->count,
		.lasting = alarm_lasting(alarm),
		.silent = alarm_silent(alarm),
	};
	notice->silent_only = alarm->count > 0;
	for (size_t i = 0; i < alarm->count; i++)
		notice->silent_only &= alarm->members[i].silent;
	snprintf(notice->scope, sizeof(notice->scope), "%s",
		alarm->renewals.is ? NOTICE_CERTIFICATES : fall_scope_name(alarm->scope));
	snprintf(notice->place, sizeof(notice->place), "%s", alarm->place);
	buf_init(&notice->text, NOTICE_TEXT_MAX);
	buf_init(&notice->members, MEMBERS_BYTES_MAX);
	r = notice_text(alarm, atlas, style, notice);
	if (r == 0)
		r = buf_append(&notice->text, "", 1);
	if (r == 0)
		r = put_members(notice, alarm, atlas);
	return r < 0 ? r : buf_append(&notice->members, "", 1);
}

const char *notice_lines(const struct notice *notice)
{
	return (const char *)buf_peek(&notice->text);
}

void notice_done(struct notice *notice)
{
	buf_done(&notice->text);
	buf_done(&notice->members);
}
