/* SPDX-License-Identifier: Apache-2.0 */
/* What an address of a server must look like before anything is asked there. */
#ifndef PANTAU_COMMON_HTTP_URL_H
#define PANTAU_COMMON_HTTP_URL_H

/* Of a server to which paths are added: "http://host:port" or "https://host/prefix". NULL, or what
 * it must be; for ever. */
const char *http_url_fault(const char *url);

#endif
