/* SPDX-License-Identifier: Apache-2.0 */
/* What a connection is about: reports, an enrolment, a renewal. */
#include "common/tls_internal.h"

#define WIRE(length, name)                                       \
	{                                                        \
		(const unsigned char *)length name, sizeof(name) \
	}

const struct tls_alpn tls_alpn = WIRE("\x08", TLS_ALPN);
const struct tls_alpn tls_alpn_enrol = WIRE("\x0e", TLS_ALPN_ENROL);
const struct tls_alpn tls_alpn_renew = WIRE("\x0e", TLS_ALPN_RENEW);
_Static_assert(sizeof(TLS_ALPN) - 1 == 8, "the length in front of the name");
_Static_assert(sizeof(TLS_ALPN_ENROL) - 1 == 14, "the length in front of the name");
_Static_assert(sizeof(TLS_ALPN_RENEW) - 1 == 14, "the length in front of the name");

const struct tls_alpn *tls_alpn_of(const struct tls *tls)
{
	if (tls->enrols)
		return &tls_alpn_enrol;
	return tls->renews ? &tls_alpn_renew : &tls_alpn;
}
