/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of single fields, with words that name the field, its value and what is allowed. Each
 * returns 0 or a positive enum reject_code. Of the codec's own files only.
 */
#ifndef PANTAU_PROTO_CODEC_CHECK_H
#define PANTAU_PROTO_CODEC_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "common/err.h"
#include "proto/model.h"

/* REJECT_INVALID outside [min, max]. */
int check_range(const char *field, uint64_t value, uint64_t min, uint64_t max, struct err *err);
int check_time(const char *field, int64_t utc_us, struct err *err);
/* REJECT_UNSUPPORTED outside [min, max]: an enum's value that this version does not know. */
int check_known(const char *field, int value, int min, int max, struct err *err);
/* REJECT_INVALID unless `length` is 16. */
int check_boot(const char *field, size_t length, struct err *err);
/* An IP address: 4 or 16 bytes, or none where that is allowed. */
int check_address(const char *field, size_t length, bool may_be_empty, struct err *err);
/* A WAN's name: 1 to WAN_NAME_MAX of [a-z0-9_.-]. */
int check_wan(const char *field, const char *name, struct err *err);
/* Any other name: 1 to `max` of the same. */
int check_label(const char *field, const char *name, size_t max, struct err *err);
/* Printable ASCII, at most `max` bytes. */
int check_text(const char *field, const char *text, size_t max, struct err *err);

#endif
