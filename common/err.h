/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An error with words. Functions that can fail for a reason a person must hear take a
 * `struct err *` (may be NULL) as their last argument and return 0 or a negative errno.
 * Callers add context on the way up, so the last message reads from effect to cause.
 */
#ifndef PANTAU_COMMON_ERR_H
#define PANTAU_COMMON_ERR_H

#define ERR_TEXT_BYTES 320 /* two long paths and a sentence; longer text is cut */

struct err {
	int code; /* negative errno */
	char text[ERR_TEXT_BYTES];
};

/* Sets code and text. Returns code, so that `return err_set(err, -EINVAL, ...)` reads well. */
int err_set(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, with ": " and the text of the errno appended. */
int err_errno(struct err *err, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text that is there. Returns err's code (or -EIO if err is NULL). */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
