/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks a process how it is: on its unix socket each client gets one JSON object and the end of the
 * stream; on some it says a line first. Asking never writes, so any account that may open the
 * socket may ask.
 */
#ifndef PANTAU_COMMON_ASK_H
#define PANTAU_COMMON_ASK_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/err.h"

#define ASK_TIMEOUT_MS 2000 /* for the whole answer; a process that is well answers in one */
#define ASK_ANSWER_MAX (4 * 1024 * 1024) /* bytes: some hundred for each of 20,000 agents */

/* A socket that is connected to folder/name and does not block; -EAGAIN: too many others ask. */
int ask_connect(const char *folder, const char *name);

/*
 * The status of the process whose socket is folder/name, in a new allocation with a 0 after it
 * (caller frees). The folder's path may be of any length. -ECONNREFUSED or -ENOENT: it does not
 * run; -ETIMEDOUT; -EFBIG; -ENODATA: it closed without a word.
 */
int ask_status(const char *folder, const char *name, uint8_t **ret_json, size_t *ret_length,
	struct err *err);
/* The same of a socket that wants a question (a line without its end, a few dozen bytes; NULL:
 * none): appended to `ret_json`, whose limit holds. */
int ask_question(const char *folder, const char *name, const char *question, struct buf *ret_json,
	struct err *err);

#endif
