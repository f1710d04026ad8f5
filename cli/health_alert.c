/* SPDX-License-Identifier: Apache-2.0 */
/* Whether those who should be told of incidents are. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "cli/health_part.h"
#include "common/ask.h"

/* The channel that has trouble, or whose server has refused a message; NULL: none. */
static const json_t *find_trouble(const json_t *channels)
{
	for (size_t i = 0; i < json_array_size(channels); i++) {
		const json_t *channel = json_array_get(channels, i);

		if (json_string_value(json_object_get(channel, "trouble")) ||
			json_integer_value(json_object_get(channel, "refused")))
			return channel;
	}
	return NULL;
}

static int64_t count_sent(const json_t *channels)
{
	int64_t sent = 0;

	for (size_t i = 0; i < json_array_size(channels); i++)
		sent += json_integer_value(json_object_get(json_array_get(channels, i), "sent"));
	return sent;
}

static void judge(const json_t *status, struct health *health)
{
	const json_t *channels = json_object_get(status, "channels");
	const json_t *channel = find_trouble(channels);
	const char *name = json_string_value(json_object_get(channel, "name"));
	const char *trouble = json_string_value(json_object_get(channel, "trouble"));
	const char *blind = json_string_value(json_object_get(status, "trouble"));

	if (blind)
		health_say(health, HEALTH_WARN, "see the parts registry and ledger",
			"sees nothing: %.250s", blind);
	else if (trouble)
		health_say(health, HEALTH_WARN, "it goes on trying; docs/ALERTS.md", "%s: %.250s",
			name ? name : "?", trouble);
	else if (channel)
		health_say(health, HEALTH_WARN, "the log of pantau-collector alert says why",
			"%s: %" PRId64 " messages were refused", name ? name : "?",
			(int64_t)json_integer_value(json_object_get(channel, "refused")));
	else
		health_say(health, HEALTH_OK, "", "%zu channels, %" PRId64 " messages sent",
			json_array_size(channels), count_sent(channels));
}

void health_alert(const char *state, const struct settings *settings, struct health *health)
{
	struct err err = {0};
	uint8_t *text;
	size_t length;
	json_t *status;

	if (!settings_want_alerts(settings)) {
		health_say(health, HEALTH_OK, "", "off: [alert] names nobody to be told");
		return;
	}
	if (ask_status(state, "alert.sock", &text, &length, &err) < 0) {
		health_say(health, HEALTH_WARN, "start \"pantau-collector alert\" and read its log",
			"%s", err.text);
		return;
	}
	status = json_loadb((const char *)text, length, 0, NULL);
	free(text);
	judge(status, health);
	json_decref(status);
}
