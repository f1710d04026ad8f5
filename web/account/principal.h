/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks. Nobody is a principal too: of the role USER_PUBLIC, without a name. */
#ifndef PANTAU_WEB_ACCOUNT_PRINCIPAL_H
#define PANTAU_WEB_ACCOUNT_PRINCIPAL_H

#include "collector/store/registry_session.h"

#define SECRET_BYTES 65 /* 256 random bits in hexadecimal and its 0 */

struct principal {
	enum user_role role;
	char name[USER_NAME_BYTES];
	char kabupaten[REGION_CODE_BYTES]; /* an officer's */
	char provider[REGISTRY_NAME_BYTES]; /* a provider's */
	char session[REGISTRY_HEX_BYTES]; /* hash of the session; "": nobody, or a script */
	char token[REGISTRY_HEX_BYTES]; /* hash of a script's token; "": nobody, or a session */
	char csrf[SECRET_BYTES]; /* that changes by this session carry; "" with session "" */
};

/* Bits of roles, for tables. */
#define ROLE_BIT(role) (1u << (role))
#define ROLES_DESK (ROLE_BIT(USER_NOC) | ROLE_BIT(USER_ADMIN)) /* those who see everything */
#define ROLES_ADMIN ROLE_BIT(USER_ADMIN)
#define ROLES_DECIDE (ROLE_BIT(USER_OFFICER) | ROLES_ADMIN) /* whose word counts */
#define ROLES_OBJECT (ROLE_BIT(USER_PROVIDER) | ROLES_ADMIN)
#define ROLES_STAFF (ROLES_DESK | ROLE_BIT(USER_OFFICER))
#define ROLES_KNOWN (ROLES_STAFF | ROLE_BIT(USER_PROVIDER)) /* all who have an account */
#define ROLES_ALL (ROLES_KNOWN | ROLE_BIT(USER_PUBLIC))

#endif
