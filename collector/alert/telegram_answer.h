/* SPDX-License-Identifier: Apache-2.0 */
/* What Telegram says to a message. */
#ifndef PANTAU_ALERT_TELEGRAM_ANSWER_H
#define PANTAU_ALERT_TELEGRAM_ANSWER_H

#include "collector/alert/channel.h"
#include "collector/export/http.h"

/* 0: it stands there, as *ret_message if that is new. -ENOENT: the message to be edited is gone.
 * -EBADMSG: refused. -EAGAIN: later; the delivery has the wait that was asked for. */
int telegram_answer(const struct http_answer *answer, struct delivery *delivery,
	int64_t *ret_message, struct err *err);

#endif
