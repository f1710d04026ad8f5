/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/tls/authority.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/signer/signer.h"
#include "common/file.h"

static void join(char *ret_path, const struct authority *authority, const char *name)
{
	assert_int_equal(file_join(ret_path, AUTHORITY_PATH, authority->folder, name), 0);
}

static void issue_agent(struct authority *authority, const struct signer *signer)
{
	struct signer_agent wish = {.id = 7};
	struct buf public, certificate;
	struct err err;

	buf_init(&public, SIGNER_PEM_MAX);
	buf_init(&certificate, SIGNER_PEM_MAX);
	assert_int_equal(signer_make_key(authority->agent_key, &public, &err), 0);
	wish.pem = buf_peek(&public);
	wish.pem_length = buf_length(&public);
	assert_int_equal(
		signer_issue_agent(signer, &wish, &certificate, authority->agent_print, &err), 0);
	assert_int_equal(file_replace(authority->agent_certificate, buf_peek(&certificate),
				 buf_length(&certificate), 0644, &err),
		0);
	buf_done(&certificate);
	buf_done(&public);
}

void authority_init(struct authority *authority)
{
	static const char *const names[] = {"pantau-collector", "localhost", "127.0.0.1", "::1"};
	struct signer_server wish = {.names = names, .name_count = 4};
	struct signer *signer;
	struct err err;

	snprintf(authority->folder, sizeof(authority->folder), "/tmp/pantau-test-ca-XXXXXX");
	assert_non_null(mkdtemp(authority->folder));
	join(authority->ca, authority, "ca.crt");
	join(authority->server_key, authority, "server.key");
	join(authority->server_certificate, authority, "server.crt");
	join(authority->agent_key, authority, "agent.key");
	join(authority->agent_certificate, authority, "agent.crt");
	assert_int_equal(signer_create_ca(authority->folder, &err), 0);
	assert_int_equal(signer_open(authority->folder, &signer, &err), 0);
	wish.key_file = authority->server_key;
	wish.certificate_file = authority->server_certificate;
	assert_int_equal(signer_issue_server(signer, &wish, &err), 0);
	issue_agent(authority, signer);
	signer_free(signer);
}

void authority_done(struct authority *authority)
{
	char key[AUTHORITY_PATH];

	join(key, authority, "ca.key");
	unlink(key);
	unlink(authority->ca);
	unlink(authority->server_key);
	unlink(authority->server_certificate);
	unlink(authority->agent_key);
	unlink(authority->agent_certificate);
	rmdir(authority->folder);
}
