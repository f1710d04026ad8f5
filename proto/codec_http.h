/* SPDX-License-Identifier: Apache-2.0 */
/* A fetched page, between its two shapes. Of the codec's own files only. */
#ifndef PANTAU_PROTO_CODEC_HTTP_H
#define PANTAU_PROTO_CODEC_HTTP_H

#include "common/err.h"
#include "proto/model.h"
#include "proto/pantau.pb-c.h"

/* 0, or a positive enum reject_code with words. */
int codec_http_check(const Pantau__V1__Http *http, struct err *err);
/* Of a checked record; cannot fail. `ret_http` is zeroed by the caller. */
void codec_http_read(const Pantau__V1__Http *http, struct http *ret_http);
/* Lays it out for packing; borrows from `http`. */
void codec_http_lay_out(const struct http *http, Pantau__V1__Http *ret_wire);

#endif
