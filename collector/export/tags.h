/* SPDX-License-Identifier: Apache-2.0 */
/* The tags of every link, from the registry, never from an agent; read anew when it has changed. */
#ifndef PANTAU_EXPORT_TAGS_H
#define PANTAU_EXPORT_TAGS_H

#include "collector/export/line.h"

struct tags;

int tags_open(const char *state, struct tags **ret_tags, struct err *err);
void tags_close(struct tags *tags);
int tags_refresh(struct tags *tags, struct err *err);
/* Borrowed until the next refresh. NULL: there is no such link. */
const struct line_head *tags_find(const struct tags *tags, int64_t link);

#endif
