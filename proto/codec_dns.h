/* SPDX-License-Identifier: Apache-2.0 */
/* A slot's questions to resolvers, between their two shapes. Of the codec's own files only. */
#ifndef PANTAU_PROTO_CODEC_DNS_H
#define PANTAU_PROTO_CODEC_DNS_H

#include <stdbool.h>

#include "common/err.h"
#include "proto/model.h"
#include "proto/pantau.pb-c.h"

/* 0, or a positive enum reject_code with words. */
int codec_dns_check(const Pantau__V1__Dns *dns, struct err *err);
/* Of a checked one; cannot fail. `ret_dns` is zeroed by the caller. */
void codec_dns_read(const Pantau__V1__Dns *dns, struct dns *ret_dns);
/* Lays it out for packing; borrows from `dns`. */
void codec_dns_lay_out(const struct dns *dns, Pantau__V1__Dns *ret_wire);

#endif
