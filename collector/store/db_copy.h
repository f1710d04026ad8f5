/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files of SQLite: copies of one moment, and whether one is sound. */
#ifndef PANTAU_STORE_DB_COPY_H
#define PANTAU_STORE_DB_COPY_H

#include "common/err.h"

/*
 * A copy of what the database holds at this moment, whoever else writes it: made beside `to`,
 * synced and renamed, so that `to` is whole or as it was. It has the owner and the mode of `from`.
 * -ENOSPC before anything is written, -EBADMSG when `from` is damaged.
 */
int db_copy(const char *from, const char *to, struct err *err);

/* Reads every page and every index: seconds a gigabyte. 0; -EBADMSG with the first thing that is
 * wrong; -ENOENT. */
int db_check(const char *path, struct err *err);

#endif
