/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that end, and agents that wait for a person because theirs did. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "cli/health_part.h"
#include "collector/signer/signer.h"
#include "collector/store/registry_renewal.h"
#include "common/crypto_request.h"
#include "common/file.h"
#include "proto/renew.h"

#define SERVER_WARN_S (180 * RENEW_DAY_S) /* a budget year has time to see it */
#define CA_WARN_S (3 * 365 * RENEW_DAY_S) /* its end means every router */

static int look(const char *state, int64_t now_s, struct renewal_counts *ret_found, struct err *err)
{
	struct registry *registry;
	int r = registry_open(state, REGISTRY_READ, NULL, &registry, err);

	if (r < 0)
		return r;
	r = renewal_count(registry, now_s, ret_found, err);
	registry_close(registry);
	return r;
}

/* How long a certificate file is good; 0: over. -1: it cannot be read, which others say. */
static int64_t days_left(const char *state, const char *name, int64_t now_s)
{
	char path[PATH_MAX];
	int64_t expires_s;
	uint8_t *pem;
	size_t length;
	int r;

	if (file_join(path, sizeof(path), state, name) < 0 ||
		file_read(path, SIGNER_PEM_MAX, &pem, &length, NULL) < 0)
		return -1;
	r = request_expiry((const char *)pem, &expires_s);
	free(pem);
	if (r < 0)
		return -1;
	return expires_s > now_s ? (expires_s - now_s) / RENEW_DAY_S : 0;
}

static void say_agents(const struct renewal_counts *found, struct health *health)
{
	if (found->parked)
		health_say(health, HEALTH_WARN,
			"find out where the router is; then \"pantau agent waiting\" and \"pantau "
			"agent readmit\", or \"pantau agent revoke\"",
			"%" PRId64 " requests of agents whose certificates expired wait for a "
			"person: agent-%" PRIu32 "%s",
			found->parked, found->agent, found->parked > 1 ? ", ..." : "");
	else if (found->late)
		health_say(health, HEALTH_WARN,
			"see whether these agents report, and read \"pantau-agent status\" there",
			"%" PRId64
			" certificates end within %d days and are not renewed: agent-%" PRIu32
			"%s (and %" PRId64 " have expired)",
			found->late, (int)(RENEW_LATE_S / RENEW_DAY_S), found->agent,
			found->late > 1 ? ", ..." : "", found->expired);
	else
		health_say(health, HEALTH_OK, "",
			"nobody waits; %" PRId64 " certificates of agents have expired",
			found->expired);
}

void health_certificates(const char *state, struct health *health)
{
	struct renewal_counts found;
	int64_t now_s = time(NULL);
	int64_t server = days_left(state, "tls/server.crt", now_s);
	int64_t ca = days_left(state, "ca/ca.crt", now_s);
	struct err err;

	if (server >= 0 && server < SERVER_WARN_S / RENEW_DAY_S)
		health_say(health, server ? HEALTH_WARN : HEALTH_FAIL,
			"\"pantau server renew\", then restart pantau-ingest",
			"the collector's own certificate ends in %" PRId64 " days", server);
	else if (ca >= 0 && ca < CA_WARN_S / RENEW_DAY_S)
		health_say(health, ca ? HEALTH_WARN : HEALTH_FAIL,
			"plan a new CA: every router is enrolled anew (docs/ROUTERS.md)",
			"the CA ends in %" PRId64 " days", ca);
	else if (look(state, now_s, &found, &err) < 0)
		health_say(health, HEALTH_WARN, "", "unknown: %.250s", err.text);
	else
		say_agents(&found, health);
}
