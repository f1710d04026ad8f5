/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/codec_check.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

int check_range(const char *field, uint64_t value, uint64_t min, uint64_t max, struct err *err)
{
	if (value >= min && value <= max)
		return 0;
	err_set(err, -EINVAL, "%s = %" PRIu64 ": must be %" PRIu64 " to %" PRIu64, field, value,
		min, max);
	return REJECT_INVALID;
}

int check_time(const char *field, int64_t utc_us, struct err *err)
{
	if (utc_us >= UTC_MIN_US && utc_us <= UTC_MAX_US)
		return 0;
	err_set(err, -EINVAL, "%s = %" PRId64 ": must be %lld to %lld (2020 to 2099)", field,
		utc_us, UTC_MIN_US, UTC_MAX_US);
	return REJECT_INVALID;
}

int check_known(const char *field, int value, int min, int max, struct err *err)
{
	if (value >= min && value <= max)
		return 0;
	err_set(err, -EINVAL, "%s = %d: not known here (%d to %d are)", field, value, min, max);
	return REJECT_UNSUPPORTED;
}

int check_boot(const char *field, size_t length, struct err *err)
{
	if (length == BOOT_BYTES)
		return 0;
	err_set(err, -EINVAL, "%s has %zu bytes: must be %d", field, length, BOOT_BYTES);
	return REJECT_INVALID;
}

int check_address(const char *field, size_t length, bool may_be_empty, struct err *err)
{
	if (length == 4 || length == 16 || (length == 0 && may_be_empty))
		return 0;
	err_set(err, -EINVAL, "%s has %zu bytes: must be 4 or 16%s", field, length,
		may_be_empty ? ", or none" : "");
	return REJECT_INVALID;
}

/* What a hostile peer wrote ends in a log: nothing but printable ASCII, and not much of it. */
static void make_printable(const char *text, char *ret_text, size_t size)
{
	size_t i;

	for (i = 0; text[i] && i + 1 < size; i++)
		ret_text[i] = text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
	ret_text[i] = '\0';
}

int check_label(const char *field, const char *name, size_t max, struct err *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t length = strlen(name);
	char shown[2 * WAN_NAME_MAX];

	if (length >= 1 && length <= max && strspn(name, allowed) == length)
		return 0;
	make_printable(name, shown, sizeof(shown));
	err_set(err, -EINVAL, "%s = \"%s\": must be 1 to %zu of a-z, 0-9, '_', '.', '-'", field,
		shown, max);
	return REJECT_INVALID;
}

int check_wan(const char *field, const char *name, struct err *err)
{
	return check_label(field, name, WAN_NAME_MAX, err);
}

int check_text(const char *field, const char *text, size_t max, struct err *err)
{
	size_t length = strlen(text);
	char shown[WAN_NAME_MAX + SOFTWARE_MAX];
	size_t i;

	for (i = 0; i < length && text[i] >= 0x20 && text[i] < 0x7f; i++)
		;
	if (i == length && length <= max)
		return 0;
	make_printable(text, shown, sizeof(shown));
	err_set(err, -EINVAL, "%s = \"%s\": must be printable ASCII, at most %zu bytes", field,
		shown, max);
	return REJECT_INVALID;
}
