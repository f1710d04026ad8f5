/* SPDX-License-Identifier: Apache-2.0 */
/* Links from a CSV file: desa,provider,kind,lat,lon,zone. */
#ifndef PANTAU_CLI_LINKS_H
#define PANTAU_CLI_LINKS_H

#include "collector/store/registry.h"
#include "common/err.h"

#define LINKS_DEGREE_DECIMALS 7 /* a hand's breadth; GPS gives no more */
#define LINKS_DEGREE 10000000LL

struct links;

/* Reads the whole file. -EINVAL with file, line, field and value. */
int links_read(const char *path, struct links **ret_links, struct err *err);
void links_free(struct links *links);
size_t links_count(const struct links *links);

/* Writes all or none; an error names the file's line. */
int links_import(const struct links *links, struct registry *registry, struct err *err);

#endif
