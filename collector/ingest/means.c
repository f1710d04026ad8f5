/* SPDX-License-Identifier: Apache-2.0 */
#include "collector/ingest/means.h"

#include <errno.h>
#include <limits.h>
#include <sys/resource.h>

#include "collector/ingest/listener.h"
#include "collector/ingest/program.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/log.h"

#define OTHER_FILES 64 /* descriptors that are no agents */
#define TRUSTED_ERROR_US 100000 /* claimed for a clock that is trusted without being disciplined */

int ingest_tls(const char *state, struct tls_context **ret_tls, struct err *err)
{
	char ca[PATH_MAX], certificate[PATH_MAX], key[PATH_MAX];
	struct tls_settings tls = {.role = TLS_SERVER,
		.ca_file = ca,
		.certificate_file = certificate,
		.key_file = key,
		.enrols = true};

	if (file_join(ca, sizeof(ca), state, "ca/ca.crt") < 0 ||
		file_join(certificate, sizeof(certificate), state, "tls/server.crt") < 0 ||
		file_join(key, sizeof(key), state, "tls/server.key") < 0)
		return err_set(err, -ENAMETOOLONG, "%.64s...: the path is too long", state);
	return tls_context_new(&tls, ret_tls, err);
}

size_t limits_raise(size_t wanted)
{
	struct rlimit files;
	size_t fit;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return wanted;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= wanted + OTHER_FILES)
		return wanted;
	fit = files.rlim_cur > OTHER_FILES ? files.rlim_cur - OTHER_FILES : 1;
	log_info("connections_max = %zu, but only %zu fit into the limit of open files", wanted,
		fit);
	return fit;
}

int ingest_check(const char *state, const struct settings *settings, struct err *err)
{
	struct tls_context *tls = NULL;
	int r;

	r = listener_check(settings->listen, err);
	if (r == 0)
		r = ingest_tls(state, &tls, err);
	tls_context_free(tls);
	return r;
}

void means_read_clock(const struct settings *settings, struct receiver_clock *ret_clock)
{
	uint64_t error_us = TRUSTED_ERROR_US;
	bool synchronised = clock_utc_synchronised(&error_us);

	ret_clock->trusted = synchronised || settings->clock == CLOCK_TRUSTED;
	ret_clock->error_us = error_us < UINT32_MAX ? (uint32_t)error_us : UINT32_MAX;
}
