/* SPDX-License-Identifier: Apache-2.0 */
#include "web/account/scope.h"

#include <stdio.h>
#include <string.h>

bool scope_is_all(const struct principal *who)
{
	return (ROLE_BIT(who->role) & ROLES_DESK) != 0;
}

bool scope_has_region(const struct principal *who, const char *code)
{
	size_t length = strlen(who->kabupaten);

	if (scope_is_all(who))
		return true;
	return who->role == USER_OFFICER && length > 0 &&
		strncmp(code, who->kabupaten, length) == 0 &&
		(code[length] == '\0' || code[length] == '.');
}

bool scope_has_link(const struct principal *who, const struct registry_link *link)
{
	if (who->role == USER_PROVIDER)
		return who->provider[0] && strcmp(link->provider, who->provider) == 0;
	return scope_has_region(who, link->desa);
}

void scope_refuse(const struct principal *who, const char *what, struct response *ret)
{
	char words[256];

	switch (who->role) {
	case USER_OFFICER:
		snprintf(words, sizeof(words), "%.100s is not in your kabupaten, %s", what,
			who->kabupaten);
		break;
	case USER_PROVIDER:
		snprintf(words, sizeof(words), "%.60s is none of the links of %s", what,
			who->provider);
		break;
	case USER_PUBLIC:
	case USER_NOC:
	case USER_ADMIN:
	case USER_ROLE_COUNT: snprintf(words, sizeof(words), "%.100s is not yours", what); break;
	}
	response_refuse(ret, 403, "not-yours", words);
}

static bool narrow_officer(
	const struct principal *who, struct registry_filter *filter, struct response *ret)
{
	const char *codes[] = {filter->kabupaten, filter->kecamatan, filter->desa};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (codes[i] && !scope_has_region(who, codes[i])) {
			scope_refuse(who, codes[i], ret);
			return false;
		}
	}
	filter->kabupaten = who->kabupaten;
	return true;
}

bool scope_narrow(const struct principal *who, struct registry_filter *filter, struct response *ret)
{
	if (scope_is_all(who))
		return true;
	if (who->role == USER_OFFICER && who->kabupaten[0])
		return narrow_officer(who, filter, ret);
	if (who->role == USER_PROVIDER && who->provider[0] &&
		(!filter->provider || strcmp(filter->provider, who->provider) == 0)) {
		filter->provider = who->provider;
		return true;
	}
	scope_refuse(who, filter->provider ? filter->provider : "this", ret);
	return false;
}
