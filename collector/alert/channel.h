/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A way to tell people. Each kind is one file and one row of the table in channels.c; it runs in a
 * thread of its own, so that a mail server that hangs delays no telegram.
 */
#ifndef PANTAU_ALERT_CHANNEL_H
#define PANTAU_ALERT_CHANNEL_H

#include "collector/alert/notice.h"
#include "collector/settings.h"

struct delivery { /* of one version, by one channel */
	char ref[ALARM_REF_BYTES]; /* in, out: what it calls the alarm's message; "" none */
	uint32_t retry_after_s; /* out: the server's own wish; 0: it has none */
};

struct channel_stop {
	bool (*asked)(void *arg); /* true: give up what is under way */
	void *arg;
};

struct channel_kind {
	const char *name;
	int64_t pace_ms; /* least time between two messages */
	int64_t refresh_s; /* said again so often while it lasts; 0: once is enough */
	/* Whether the configuration names it. */
	bool (*is_wanted)(const struct settings *settings);
	/* Reads its secrets. Borrows the settings, which live longer. */
	int (*open)(const struct settings *settings, const struct channel_stop *stop,
		void **ret_channel, struct err *err);
	/* 0; -EBADMSG: refused, and would be again; any other: later. The ref holds what was done
	 * even then. Blocks. */
	int (*send)(void *channel, const struct notice *notice, struct delivery *delivery,
		struct err *err);
	void (*close)(void *channel);
};

extern const struct channel_kind channel_telegram, channel_mail, channel_webhook,
	channel_alertmanager;
/* All four, in the order of an alarm's `sent`. */
extern const struct channel_kind *const channel_kinds[ALARM_CHANNELS];

#endif
