/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which path is answered by what, for whom: one table. A new resource is a file of web/api/ and a
 * row here. Before a resource is asked it is certain who asks, that they may, and that a change was
 * meant by them (web/account/).
 */
#ifndef PANTAU_WEB_ROUTES_H
#define PANTAU_WEB_ROUTES_H

#include "web/site.h"

/* Where this is computed; LANE_NONE for what leads nowhere too. */
enum http_lane routes_lane(const struct request *request);
/* Answers anything. */
void routes_answer(struct site *site, const struct request *request, struct response *ret);

#endif
