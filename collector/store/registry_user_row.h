/* SPDX-License-Identifier: Apache-2.0 */
/* How the two files of accounts read a row of them. */
#ifndef PANTAU_STORE_REGISTRY_USER_ROW_H
#define PANTAU_STORE_REGISTRY_USER_ROW_H

#include "collector/store/db.h"
#include "collector/store/registry_user.h"

#define USER_COLUMNS                                                                           \
	"u.id, u.name, u.role, u.kabupaten, u.provider, u.created_s, u.password_s, u.token_s," \
	" u.removed_s"
#define USER_COLUMN_COUNT 9

void user_row_read(struct query *q, struct registry_user *ret_user);

#endif
