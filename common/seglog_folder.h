/* SPDX-License-Identifier: Apache-2.0 */
/* Private to seglog: the names of segment files and which of them a folder holds. */
#ifndef PANTAU_COMMON_SEGLOG_FOLDER_H
#define PANTAU_COMMON_SEGLOG_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#define SEGLOG_FILE_MODE 0640 /* the group may read: the collector's other process */
#define SEGLOG_NAME_BYTES 21 /* 16 hex digits, ".seg" and the 0 */

void seglog_name(uint64_t segment, char ret_name[SEGLOG_NAME_BYTES]);

/* The ids in the folder in rising order, in a new allocation (NULL when there is none). Files of
 * other names are none of our business. 0 or a negative errno. */
int seglog_list(int folder_fd, uint64_t **ret_segments, size_t *ret_count);

#endif
