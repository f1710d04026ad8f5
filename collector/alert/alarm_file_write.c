/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/alarm_file.h"

#include <limits.h>
#include <math.h>

#include "common/file.h"
#include "common/json.h"

#define FILE_MODE 0640

static void put_member(struct json *json, const struct alarm_member *member)
{
	json_object(json, NULL);
	json_number(json, "link", member->link);
	json_number(json, "from", member->from_s);
	if (member->to_s != SPAN_FOREVER)
		json_number(json, "to", member->to_s);
	json_number(json, "falls", member->falls);
	json_bool(json, "silent", member->silent);
	json_text(json, "cause", member->cause);
	json_object_end(json);
}

static void put_sent(struct json *json, const struct alarm_sent *sent)
{
	json_object(json, NULL);
	json_text(json, "ref", sent->ref);
	json_number(json, "version", sent->version);
	json_bool(json, "escalated", sent->escalated);
	json_object_end(json);
}

static void put_past(struct json *json, const struct alarm *alarm)
{
	const struct alarm_hindsight *hindsight = &alarm->hindsight;

	if (alarm->past == PAST_NONE)
		return;
	json_object(json, "past");
	json_number(json, "phase", alarm->past);
	json_number(json, "look", alarm->past_look_s);
	json_number(json, "down", hindsight->down);
	json_number(json, "power", hindsight->power);
	json_number(json, "up", hindsight->up);
	json_number(json, "unknown", hindsight->unknown);
	json_number(json, "down_s", hindsight->down_s);
	json_number(json, "power_s", hindsight->power_s);
	json_number(json, "up_s", hindsight->up_s);
	json_number(json, "rest_s", hindsight->rest_s);
	json_number(json, "silent", hindsight->silent);
	json_number(json, "looked", hindsight->looked);
	json_number(json, "cause", hindsight->has_cause ? (int64_t)hindsight->cause : -1);
	json_object_end(json);
}

static void put_renewals(struct json *json, const struct alarm_renewals *renewals)
{
	if (!renewals->is)
		return;
	json_object(json, "renewals");
	json_number(json, "waiting", renewals->waiting);
	json_number(json, "late", renewals->late);
	json_number(json, "expired", renewals->expired);
	json_number(json, "agent", renewals->agent);
	json_number(json, "clear", renewals->clear_s);
	json_object_end(json);
}

static void put_alarm(struct json *json, const struct alarm *alarm)
{
	json_object(json, NULL);
	json_number(json, "id", (int64_t)alarm->id);
	json_number(json, "phase", alarm->phase);
	json_bool(json, "night", alarm->night);
	json_bool(json, "flapping", alarm->flapping);
	json_number(json, "scope", alarm->scope);
	json_text(json, "place", alarm->place);
	json_number(json, "worth", alarm->worth_s);
	json_number(json, "from", alarm->from_s);
	json_number(json, "told", alarm->told_s);
	json_number(json, "closed", alarm->closed_s);
	json_number(json, "escalated", alarm->escalated_s);
	json_number(json, "acknowledged", alarm->acknowledged_s);
	json_text(json, "acknowledged_by", alarm->acknowledged_by);
	json_number(json, "version", alarm->version);
	json_number(json, "version_at", alarm->version_s);
	json_number(json, "gist", (int64_t)alarm->gist);
	put_past(json, alarm);
	put_renewals(json, &alarm->renewals);
	json_array(json, "sent");
	for (size_t i = 0; i < ALARM_CHANNELS; i++)
		put_sent(json, &alarm->sent[i]);
	json_array_end(json);
	json_array(json, "members");
	for (size_t i = 0; i < alarm->count; i++)
		put_member(json, &alarm->members[i]);
	json_array_end(json);
	json_object_end(json);
}

static void put_habits(struct json *json, const struct habits *habits)
{
	json_array(json, "habits");
	for (int scope = 0; scope < FALL_SCOPES; scope++) {
		for (uint32_t i = 0; i < habits->count[scope]; i++) {
			const struct habit *habit = &habits->items[scope][i];

			json_object(json, NULL);
			json_number(json, "scope", scope);
			json_text(json, "key", habit->key);
			json_number(json, "falls", llround(habit->falls * ALARM_FILE_UNIT));
			json_number(json, "link_s", llround(habit->link_s * ALARM_FILE_UNIT));
			json_object_end(json);
		}
	}
	json_array_end(json);
}

static void put_all(struct json *json, struct alarm_desk *desk, const struct habits *habits)
{
	size_t count, night;
	struct alarm *const *alarms = alarm_desk_alarms(desk, &count);
	const struct alarm_member *members = alarm_desk_night(desk, &night);

	json_object(json, NULL);
	json_number(json, "version", ALARM_FILE_VERSION);
	json_number(json, "next_id", (int64_t)alarm_desk_next_id(desk));
	json_array(json, "alarms");
	for (size_t i = 0; i < count; i++)
		put_alarm(json, alarms[i]);
	json_array_end(json);
	json_array(json, "night");
	for (size_t i = 0; i < night; i++)
		put_member(json, &members[i]);
	json_array_end(json);
	put_habits(json, habits);
	json_object_end(json);
}

int alarm_file_write(
	const char *state, struct alarm_desk *desk, const struct habits *habits, struct err *err)
{
	char path[PATH_MAX];
	struct json json;
	struct buf text;
	int r = file_join(path, sizeof(path), state, ALARM_FILE);

	if (r < 0)
		return err_errno(err, r, "%s", state);
	buf_init(&text, ALARM_FILE_BYTES_MAX);
	json_init(&json, &text);
	put_all(&json, desk, habits);
	r = json_end(&json);
	if (r < 0)
		err_errno(err, r, "%s", path);
	else
		r = file_replace(path, buf_peek(&text), buf_length(&text), FILE_MODE, err);
	buf_done(&text);
	return r;
}
