/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be right with the headers of a question before anybody reads them. Where a request
 * ends and whose it is must be understood alike by the proxy in front and by us: otherwise somebody
 * hides a second request in the first.
 */
#ifndef PANTAU_WEB_SERVER_HEADERS_H
#define PANTAU_WEB_SERVER_HEADERS_H

#include <stdbool.h>

#include <microhttpd.h>

#include "web/http.h"

/* False: the response says 400 and names the header. The connection must not be used again. */
bool server_headers_check(
	struct MHD_Connection *connection, const char *version, struct response *ret);

#endif
