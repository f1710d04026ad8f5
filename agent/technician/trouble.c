/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/technician/trouble.h"

#include <errno.h>

const char *const trouble_names[] = {
	[TROUBLE_NONE] = "",
	[TROUBLE_NAME] = "name",
	[TROUBLE_UNREACHABLE] = "unreachable",
	[TROUBLE_PORT] = "port",
	[TROUBLE_CERTIFICATE] = "certificate",
	[TROUBLE_SILENT] = "silent",
	[TROUBLE_BROKEN] = "broken",
	[TROUBLE_UNKNOWN] = "unknown",
	[TROUBLE_REVOKED] = "revoked",
	[TROUBLE_REPLACED] = "replaced",
	[TROUBLE_BUSY] = "busy",
	[TROUBLE_PROTOCOL] = "protocol",
	[TROUBLE_OTHER] = "other",
	[TROUBLE_COUNT] = NULL,
};

static enum trouble of_refusal(int refusal)
{
	static const enum trouble troubles[] = {
		[REFUSE_PROTOCOL] = TROUBLE_PROTOCOL,
		[REFUSE_UNKNOWN_AGENT] = TROUBLE_UNKNOWN,
		[REFUSE_REVOKED] = TROUBLE_REVOKED,
		[REFUSE_BUSY] = TROUBLE_BUSY,
		[REFUSE_REPLACED] = TROUBLE_REPLACED,
	};

	return refusal <= REFUSE_REPLACED ? troubles[refusal] : TROUBLE_OTHER;
}

enum trouble trouble_of(const struct session_end *end, int refusal)
{
	const struct stream_end *stream = &end->stream;

	if (refusal > 0)
		return of_refusal(refusal);
	if (stream->reached == STREAM_CONNECTING)
		return stream->error == -ECONNREFUSED ? TROUBLE_PORT : TROUBLE_UNREACHABLE;
	if (stream->error == -ETIMEDOUT)
		return TROUBLE_SILENT;
	/* What the collector thinks of our certificate comes behind the handshake. */
	if (stream->error == -EPROTO && !end->opened)
		return TROUBLE_CERTIFICATE;
	return TROUBLE_BROKEN;
}
