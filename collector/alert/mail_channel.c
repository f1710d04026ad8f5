/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail cannot be edited: one when it is told, one to those above when nobody takes care, one when
 * it is over, one when late records tell what a silence was, each a reply to the first. The ref
 * counts: "1" told, "2" told to those above too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/alert/channel.h"
#include "collector/export/mail.h"
#include "collector/export/secret.h"

#define ID_BYTES 200

struct post {
	const struct settings *settings;
	struct mailer *mailer;
	char host[64];
};

static bool is_wanted(const struct settings *settings)
{
	return settings->alert_mail_to[0] != '\0';
}

static void close_post(void *channel)
{
	struct post *post = channel;

	if (!post)
		return;
	mailer_close(post->mailer);
	free(post);
}

static int check(const struct settings *settings, struct err *err)
{
	if (!settings->alert_smtp_url[0])
		return err_set(err, -EINVAL, "[alert] smtp_url: there is none for mail_to");
	if (!settings->alert_mail_from[0])
		return err_set(err, -EINVAL, "[alert] mail_from: there is none for mail_to");
	return 0;
}

static int open_post(const struct settings *settings, const struct channel_stop *stop,
	void **ret_channel, struct err *err)
{
	struct mail_settings mail = {
		.url = settings->alert_smtp_url,
		.user = settings->alert_smtp_user,
		.from = settings->alert_mail_from,
		.stop = stop->asked,
		.stop_arg = stop->arg,
	};
	struct post *post;
	char *password = NULL;
	int r = check(settings, err);

	if (r < 0)
		return r;
	post = calloc(1, sizeof(*post));
	if (!post)
		return err_errno(err, -ENOMEM, "mail");
	post->settings = settings;
	if (gethostname(post->host, sizeof(post->host) - 1) < 0)
		snprintf(post->host, sizeof(post->host), "pantau");
	r = secret_read(settings->alert_smtp_password_file, &password, err);
	mail.password = password;
	if (r == 0)
		r = mailer_open(&mail, &post->mailer, err);
	free(password);
	if (r < 0) {
		close_post(post);
		return r;
	}
	*ret_channel = post;
	return 0;
}

static int mail(struct post *post, const struct notice *notice, const char *to, const char *what,
	struct err *err)
{
	char id[ID_BYTES], first[ID_BYTES];
	struct mail mail = {
		.to = to, .subject = notice->subject, .text = notice_lines(notice), .id = id};

	/* the same alarm's mail said again after a lost answer bears the same id */
	snprintf(id, sizeof(id), "incident-%" PRIu64 "-%" PRId64 "-%s@%s", notice->id,
		notice->from_s, what, post->host);
	snprintf(first, sizeof(first), "incident-%" PRIu64 "-%" PRId64 "-told@%s", notice->id,
		notice->from_s, post->host);
	if (strcmp(id, first) != 0)
		mail.reply_to_id = first;
	return mailer_send(post->mailer, &mail, err);
}

static int send(
	void *channel, const struct notice *notice, struct delivery *delivery, struct err *err)
{
	struct post *post = channel;
	const struct settings *settings = post->settings;
	const char *above = settings->alert_mail_above;
	int said = atoi(delivery->ref), r = 0;
	bool over = notice->phase == ALARM_CLOSED, explained = notice->explained;

	if (!said) { /* told; or so short that it is over already */
		r = mail(post, notice, settings->alert_mail_to, "told", err);
		if (r == 0)
			snprintf(delivery->ref, sizeof(delivery->ref), "%d", said = 1);
	} else if (over) {
		r = mail(post, notice, settings->alert_mail_to, explained ? "past" : "over", err);
	}
	if (r == 0 && above[0] && !explained &&
		((notice->escalated && said < 2) || (over && said == 2))) {
		r = mail(post, notice, above, over ? "over-above" : "above", err);
		if (r == 0)
			snprintf(delivery->ref, sizeof(delivery->ref), "2");
	}
	return r;
}

const struct channel_kind channel_mail = {
	.name = "mail",
	.is_wanted = is_wanted,
	.open = open_post,
	.send = send,
	.close = close_post,
};
