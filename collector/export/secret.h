/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that the configuration names by file, and where they may go in plain text. */
#ifndef PANTAU_EXPORT_SECRET_H
#define PANTAU_EXPORT_SECRET_H

#include <stdbool.h>

#include "common/err.h"

/* The first line of a file; "" for the path "". Caller frees. The words name the file. */
int secret_read(const char *path, char **ret_secret, struct err *err);

/* The URL's host is this machine: nobody listens in between. */
bool url_is_here(const char *url);

#endif
