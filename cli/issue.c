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

enum { KEY, CERTIFICATE, CA, CONF, FILE_COUNT };
static const char *const file_names[FILE_COUNT] = {
	"agent.key", "agent.crt", "ca.crt", "agent.conf"};

struct job {
	const struct issue_order *order;
	const struct signer *signer; /* borrowed */
	bool many, last; /* of several: their files are synced all together, with the last */
	char *folder; /* absolute, because agent.conf names it */
};

/* Folders were made by make_folder(), which saw that their files fit. */
static const char *path_of(const struct job *job, int file, char path[PATH_MAX])
{
	file_join(path, PATH_MAX, job->folder, file_names[file]);
	return path;
}

static int write_file(
	const struct job *job, int file, const void *bytes, size_t length, struct err *err)
{
	static const mode_t modes[FILE_COUNT] = {0600, 0644, 0644, 0600};
	char path[PATH_MAX];

	path_of(job, file, path);
	return job->many ? file_create(path, bytes, length, modes[file], err)
			 : file_replace(path, bytes, length, modes[file], err);
}

static int make_folder(struct job *job, struct err *err)
{
	char path[PATH_MAX];
	int rc = file_make_folder(job->order->folder, 0700, err);

	if (rc)
		return rc;
	job->folder = realpath(job->order->folder, NULL);
	if (!job->folder)
		return err_errno(err, -errno, "%s", job->order->folder);
	for (int i = 0; i < FILE_COUNT; i++) {
		rc = file_join(path, PATH_MAX, job->folder, file_names[i]);
		if (rc)
			return err_errno(err, rc, "%s", job->folder);
		if (!access(path, F_OK)) {
			free(job->folder); /* of another agent: nothing of it is removed */
			job->folder = NULL;
			return err_set(err, -EEXIST,
				"%s is there already: nothing is replaced; choose another --out",
				path);
		}
	}
	return 0;
}

static int open_signer(const char *state, struct signer **ret_signer, struct err *err)
{
	char folder[PATH_MAX];
	int rc = file_join(folder, sizeof(folder), state, "ca");

	return rc ? err_errno(err, rc, "%s", state) : signer_open(folder, ret_signer, err);
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
	rc = write_file(job, CA, bytes, length, err);
	free(bytes);
	return rc;
}

static int write_conf(const struct job *job, uint32_t agent, struct err *err)
{
	const char *folder = job->folder;
	char stamp[ISSUE_STAMP_BYTES], *text;
	int length, rc = issue_stamp(job->order, agent, stamp, err);

	if (rc)
		return rc;
	length = asprintf(&text,
		"# agent-%u, as issued. What is not here has its default: pantau-agent "
		"--print-config.\n"
		"# The paths are those of the folder that it was issued into.\n\n"
		"[collector]\naddress = %s\nserver_name = pantau-collector\n"
		"ca = %s/%s\ncertificate = %s/%s\nkey = %s/%s\n\n"
		"[agent]\nstate_folder = %s/state\nspool_folder = %s/state/spool\n"
		"runtime_folder = %s/run\n\n"
		"[wan]\nname = %s\n%s",
		agent, job->order->collector, folder, file_names[CA], folder,
		file_names[CERTIFICATE], folder, file_names[KEY], folder, folder, folder,
		job->order->wan, stamp);
	if (length < 0)
		return err_set(err, -ENOMEM, "out of memory");
	rc = write_file(job, CONF, text, (size_t)length, err);
	free(text);
	return rc;
}

static int write_certificate(struct job *job, uint32_t agent, uint8_t *ret_print, struct err *err)
{
	struct buf private, public, certificate;
	int rc;

	buf_init(&private, SIGNER_PEM_MAX);
	buf_init(&public, SIGNER_PEM_MAX);
	buf_init(&certificate, SIGNER_PEM_MAX);
	rc = signer_draw_key(&private, &public, err);
	if (!rc)
		rc = signer_issue_agent(job->signer,
			&(struct signer_agent){.id = agent,
				.pem = buf_peek(&public),
				.pem_length = buf_length(&public)},
			&certificate, ret_print, err);
	if (!rc)
		rc = write_file(job, KEY, buf_peek(&private), buf_length(&private), err);
	if (!rc)
		rc = write_file(
			job, CERTIFICATE, buf_peek(&certificate), buf_length(&certificate), err);
	if (private.bytes)
		explicit_bzero(private.bytes, private.cap);
	buf_done(&certificate);
	buf_done(&public);
	buf_done(&private);
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
	if (!rc && job->last)
		rc = file_sync_system(job->folder, err);
	for (size_t i = 0; i < sizeof(print) && !rc; i++)
		snprintf(ret->fingerprint + 2 * i, 3, "%02x", print[i]);
	return rc;
}

static void remove_files(const struct job *job)
{
	char path[PATH_MAX];

	for (int i = 0; job->folder && i < FILE_COUNT; i++)
		unlink(path_of(job, i, path));
}

/* Folders are made, and looked at, before the first file is written. */
static int prepare(struct job *jobs, const struct issue_order *orders, size_t count,
	const struct signer *signer, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < count; i++) {
		jobs[i] = (struct job){.order = &orders[i],
			.signer = signer,
			.many = count > 1,
			.last = count > 1 && i == count - 1};
		rc = make_folder(&jobs[i], err);
	}
	return rc;
}

static int carry_out(struct registry *registry, struct job *jobs, size_t count,
	uint32_t *ret_agents, struct err *err)
{
	struct registry_issue *issues = calloc(count, sizeof(*issues));
	int rc;

	if (!issues)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++)
		issues[i] = (struct registry_issue){.link = jobs[i].order->link,
			.name = jobs[i].order->name,
			.wan = jobs[i].order->wan,
			.from_s = jobs[i].order->from_s,
			.sign = sign,
			.arg = &jobs[i]};
	rc = registry_agents_issue(registry, issues, count, ret_agents, err);
	for (size_t i = 0; rc && i < count; i++)
		remove_files(&jobs[i]);
	free(issues);
	return rc;
}

int issue_agents(struct registry *registry, const struct issue_order *orders, size_t count,
	uint32_t *ret_agents, struct err *err)
{
	struct job *jobs = calloc(count, sizeof(*jobs));
	struct signer *signer = NULL;
	int rc = jobs ? 0 : err_set(err, -ENOMEM, "out of memory");

	if (!rc)
		rc = open_signer(orders->state, &signer, err);
	if (!rc)
		rc = prepare(jobs, orders, count, signer, err);
	if (!rc)
		rc = carry_out(registry, jobs, count, ret_agents, err);
	for (size_t i = 0; jobs && i < count; i++)
		free(jobs[i].folder);
	signer_free(signer);
	free(jobs);
	return rc;
}

int issue_agent(struct registry *registry, const struct issue_order *order, uint32_t *ret_agent,
	struct err *err)
{
	return issue_agents(registry, order, 1, ret_agent, err);
}
