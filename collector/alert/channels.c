/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/alert/channel.h"

const struct channel_kind *const channel_kinds[ALARM_CHANNELS] = {
	&channel_telegram,
	&channel_mail,
	&channel_webhook,
	&channel_alertmanager,
};
