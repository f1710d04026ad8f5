/* SPDX-License-Identifier: Apache-2.0 */
/* Numeric addresses with ports as text: "10.0.0.1:7443", "[::1]:7443". */
#ifndef PANTAU_COLLECTOR_INGEST_ADDRESS_H
#define PANTAU_COLLECTOR_INGEST_ADDRESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "common/err.h"

/* -EINVAL with words. Port 0 lets the kernel choose. */
int address_parse(const char *text, struct sockaddr_storage *ret_address, struct err *err);
void address_format(const struct sockaddr *address, char *ret_text, size_t size);
/* The part of a formatted address without its port. */
void address_host(const char *text, char *ret_host, size_t size);

/* 16 bytes, IPv4 as ::ffff:a.b.c.d; all 0 for what is neither. */
void address_bytes(const struct sockaddr *address, uint8_t ret_bytes[16]);

#endif
