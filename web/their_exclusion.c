/* SPDX-License-Identifier: Apache-2.0 */
#include "web/their_exclusion.h"

#include <inttypes.h>
#include <stdio.h>

#include "web/account/scope.h"

bool their_exclusion(const struct books *books, const struct request *request,
	const struct registry_exclusion *exclusion, struct response *ret)
{
	struct registry_link link;
	char words[REGISTRY_NAME_BYTES + 16];
	int64_t id;

	if (scope_is_all(request->who))
		return true;
	if (exclusion->scope == SCOPE_LINK && sscanf(exclusion->value, "%" SCNd64, &id) == 1)
		return books_link(books, request, id, &link, ret);
	if (exclusion->scope != SCOPE_PROVIDER && scope_has_region(request->who, exclusion->value))
		return true;
	snprintf(words, sizeof(words), "%s %s", exclusion_scope_name(exclusion->scope),
		exclusion->value);
	scope_refuse(request->who, words, ret);
	return false;
}

struct found {
	int64_t id;
	struct registry_exclusion exclusion;
};

static int see_wanted(void *arg, const struct registry_exclusion *exclusion)
{
	struct found *found = arg;

	if (exclusion->id != found->id)
		return 0;
	found->exclusion = *exclusion;
	return 1;
}

bool their_exclusion_find(const struct books *books, const struct request *request, int64_t id,
	struct registry_exclusion *ret_exclusion, struct response *ret)
{
	struct found found = {.id = id};
	struct err err = {0};
	int r = registry_exclusions(books->registry, 0, see_wanted, &found, &err);

	if (r > 0) {
		*ret_exclusion = found.exclusion;
		return their_exclusion(books, request, &found.exclusion, ret);
	}
	if (r < 0)
		books_failed("exclusions", &err, ret);
	else
		response_error(ret, 404, "there is no exclusion of this number");
	return false;
}
