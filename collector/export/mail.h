/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail by SMTP (RFC 5321), a message at a time, for a thread of its own. To another machine it goes
 * over TLS or not at all: smtps:// from the first byte, smtp:// by STARTTLS.
 */
#ifndef PANTAU_EXPORT_MAIL_H
#define PANTAU_EXPORT_MAIL_H

#include <stdbool.h>

#include "common/err.h"

struct mail_settings { /* texts are copied */
	const char *url; /* smtp://mail.example.id:587 */
	const char *user, *password; /* "": none */
	const char *from; /* an address */
	bool (*stop)(void *arg); /* asked while a mail is sent; true ends it. May be NULL */
	void *stop_arg;
};

struct mail { /* borrowed; UTF-8 */
	const char *to; /* addresses, separated by spaces or commas */
	const char *subject, *text;
	const char *id; /* Message-ID without its brackets */
	const char *reply_to_id; /* the mail that this one follows; NULL: none */
};

struct mailer;

int mailer_open(const struct mail_settings *settings, struct mailer **ret_mailer, struct err *err);
void mailer_close(struct mailer *mailer);
/* 0: the server has taken it for all. -EBADMSG: it says never (5xx); -EAGAIN: not now. */
int mailer_send(struct mailer *mailer, const struct mail *mail, struct err *err);

#endif
