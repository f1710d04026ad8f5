/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a place to listen at, as an address. */
#ifndef PANTAU_WEB_LISTEN_H
#define PANTAU_WEB_LISTEN_H

#include <netdb.h>

#include "common/err.h"

/* "127.0.0.1:8080", "[::1]:8080"; numeric alone. The caller frees with freeaddrinfo(). */
int listen_find(const char *key, const char *listen, struct addrinfo **ret_found, struct err *err);

#endif
