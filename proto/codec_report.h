/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A REPORT read in place. A collector takes hundreds of these a second, and each record goes on to
 * the journal as the bytes that arrived: so nothing is copied and nothing allocated here. The rest
 * of the conversation is small and goes through the generated code. Of the codec's own files only.
 */
#ifndef PANTAU_PROTO_CODEC_REPORT_H
#define PANTAU_PROTO_CODEC_REPORT_H

#include "common/err.h"
#include "proto/codec.h"

/* Which member of FromAgent's oneof the bytes hold, by its number (the last one counts); 0: none
 * that is known; -EPROTO: not a protobuf message. */
int codec_report_peek(const void *bytes, size_t length);
/* Of a payload that holds a Report. -EPROTO with words. */
int codec_report_read(const void *bytes, size_t length, struct report *ret_report, struct err *err);

#endif
