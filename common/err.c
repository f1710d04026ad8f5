/* SPDX-License-Identifier: Apache-2.0 */
#include "common/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static void fill(
	struct err *err, const char *format, va_list args)
{
	if (vsnprintf(err->text, sizeof err->text, format, args) < 0)
		err->text[0] = '\0';
}

int err_set(struct err *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	fill(err, format, args);
	va_end(args);
	return code;
}

int err_errno(struct err *err, int code, const char *format, ...)
{
	va_list args;
	size_t length;

	if (!err)
		return code;
	err->code = code;
	va_start(args, format);
	fill(err, format, args);
	va_end(args);
	length = strlen(err->text);
	snprintf(err->text + length, sizeof err->text - length, ": %s", strerror(-code));
	return code;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char cause[ERR_TEXT_BYTES];
	va_list args;
	size_t length;

	if (!err)
		return -EIO;
	memcpy(cause, err->text, sizeof cause);
	va_start(args, format);
	fill(err, format, args);
	va_end(args);
	length = strlen(err->text);
	snprintf(err->text + length, sizeof err->text - length, ": %s", cause);
	return err->code;
}
