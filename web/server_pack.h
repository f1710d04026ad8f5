/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PANTAU_WEB_SERVER_PACK_H
#define PANTAU_WEB_SERVER_PACK_H

#include "web/http.h"

/* Packs the body of an answer that says that it may be, where it is worth it and the asker reads
 * gzip. */
void server_pack(const struct request *request, struct response *response);

#endif
