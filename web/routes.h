/* SPDX-License-Identifier: Apache-2.0 */
/* Which path is answered by what: one table. */
#ifndef PANTAU_WEB_ROUTES_H
#define PANTAU_WEB_ROUTES_H

#include "web/site.h"

/* Answers any path; one that leads nowhere with 404. */
void routes_answer(struct site *site, const struct request *request, struct response *ret);

#endif
