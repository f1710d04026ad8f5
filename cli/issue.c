/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/issue.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/issue_stamp.h"
#include "collector/signer/signer.h"
#include "common/file.h"

#define CONF_BYTES (8 * PATH_MAX) /* seven lines with a path */

enum { KEY, CERTIFICATE, CA, CONF, FILE_COUNT };
static const char *const file_names[FILE_COUNT] = {
	"agent.key", "agent.crt", "ca.crt", "agent.conf"};

struct job {
	const struct issue_order *order;
	struct signer *signer;
	char folder[PATH_MAX]; /* absolute, because agent.conf names it */
	char paths[FILE_COUNT][PATH_MAX];
};

static int make_folder(struct job *job, struct err *err)
{
	int rc = file_make_folder(job->order->folder, 0700, err);

	if (rc)
		return rc;
	if (!realpath(job->order->folder, job->folder))
		return err_errno(err, -errno, "%s", job->order->folder);
	for (int i = 0; i < FILE_COUNT; i++) {
		rc = file_join(job->paths[i], PATH_MAX, job->folder, file_names[i]);
		if (rc)
			return err_errno(err, rc, "%s", job->folder);
		if (!access(job->paths[i], F_OK))
			return err_set(err, -EEXIST,
				"%s is there already: nothing is replaced; choose another --out",
				job->paths[i]);
	}
	return 0;
}

static int open_signer(struct job *job, struct err *err)
{
	char folder[PATH_MAX];
	int rc = file_join(folder, sizeof(folder), job->order->state, "ca");

	return rc ? err_errno(err, rc, "%s", job->order->state)
		  : signer_open(folder, &job->signer, err);
}

static int copy_ca(const struct job *job, struct err *err)
{
	char path[PATH_MAX];
	uint8_t *bytes;
	size_t length;
	int rc = file_join(path, sizeof(path), job->order->state, "ca/ca.crt");

	if (rc)
		return err_errno(err, rc, "%s", job->order->state);
	rc = file_read(path, SIGNER_PEM_MAX, &bytes, &length, err);
	if (rc)
		return rc;
	rc = file_replace(job->paths[CA], bytes, length, 0644, err);
	free(bytes);
	return rc;
}

static int write_conf(const struct job *job, uint32_t agent, struct err *err)
{
	char *text = malloc(CONF_BYTES), stamp[ISSUE_STAMP_BYTES];
	int length, rc;

	if (!text)
		return err_set(err, -ENOMEM, "out of memory");
	rc = issue_stamp(job->order, agent, stamp, err);
	if (rc) {
		free(text);
		return rc;
	}
	length = snprintf(text, CONF_BYTES,
		"# agent-%u, as issued. What is not here has its default: pantau-agent "
		"--print-config.\n"
		"# The paths are those of the folder that it was issued into.\n\n"
		"[collector]\naddress = %s\nserver_name = pantau-collector\n"
		"ca = %s\ncertificate = %s\nkey = %s\n\n"
		"[agent]\nstate_folder = %s/state\nspool_folder = %s/state/spool\n"
		"runtime_folder = %s/run\n\n"
		"[wan]\nname = %s\n%s",
		agent, job->order->collector, job->paths[CA], job->paths[CERTIFICATE],
		job->paths[KEY], job->folder, job->folder, job->folder, job->order->wan, stamp);
	rc = length < CONF_BYTES ? file_replace(job->paths[CONF], text, (size_t)length, 0600, err)
				 : err_set(err, -ENAMETOOLONG, "%s: too long a path", job->folder);
	free(text);
	return rc;
}

static int write_certificate(struct job *job, uint32_t agent, uint8_t *ret_print, struct err *err)
{
	struct buf public, certificate;
	int rc;

	buf_init(&public, SIGNER_PEM_MAX);
	buf_init(&certificate, SIGNER_PEM_MAX);
	rc = signer_make_key(job->paths[KEY], &public, err);
	if (!rc)
		rc = signer_issue_agent(job->signer,
			&(struct signer_agent){.id = agent,
				.pem = buf_peek(&public),
				.pem_length = buf_length(&public)},
			&certificate, ret_print, err);
	if (!rc)
		rc = file_replace(job->paths[CERTIFICATE], buf_peek(&certificate),
			buf_length(&certificate), 0644, err);
	buf_done(&certificate);
	buf_done(&public);
	return rc;
}

static int sign(void *arg, uint32_t agent, struct registry_certificate *ret, struct err *err)
{
	struct job *job = arg;
	uint8_t print[TLS_FINGERPRINT_BYTES];
	int rc = write_certificate(job, agent, print, err);

	if (!rc)
		rc = copy_ca(job, err);
	if (!rc)
		rc = write_conf(job, agent, err);
	for (size_t i = 0; i < sizeof(print) && !rc; i++)
		snprintf(ret->fingerprint + 2 * i, 3, "%02x", print[i]);
	return rc;
}

static void remove_files(const struct job *job)
{
	for (int i = 0; i < FILE_COUNT; i++)
		unlink(job->paths[i]);
}

int issue_agent(struct registry *registry, const struct issue_order *order, uint32_t *ret_agent,
	struct err *err)
{
	struct job *job = calloc(1, sizeof(*job));
	int rc;

	if (!job)
		return err_set(err, -ENOMEM, "out of memory");
	job->order = order;
	rc = make_folder(job, err);
	if (!rc)
		rc = open_signer(job, err);
	if (!rc) {
		struct registry_issue issue = {.link = order->link,
			.name = order->name,
			.wan = order->wan,
			.from_s = order->from_s,
			.sign = sign,
			.arg = job};

		rc = registry_agent_issue(registry, &issue, ret_agent, err);
		if (rc)
			remove_files(job);
	}
	signer_free(job->signer);
	free(job);
	return rc;
}
