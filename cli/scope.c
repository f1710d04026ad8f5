/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/scope.h"

#include <errno.h>
#include <string.h>

#include "collector/desk/when.h"

int scope_read(struct cmd *cmd, struct registry_exclusion *exclusion)
{
	const char *text = NULL;

	for (int scope = 0; scope < SCOPE_COUNT; scope++) {
		const char *name = exclusion_scope_name((enum exclusion_scope)scope);

		if (!opts_has(cmd->opts, name))
			continue;
		if (text)
			return err_set(&cmd->err, -EINVAL, "--%s and --%s: give only one",
				exclusion_scope_name(exclusion->scope), name);
		exclusion->scope = (enum exclusion_scope)scope;
		text = opts_text(cmd->opts, name, "");
	}
	if (!text)
		return err_set(&cmd->err, -EINVAL,
			"for what? give one of --link, --desa, --kecamatan, --kabupaten, "
			"--provider");
	if (strlen(text) >= sizeof(exclusion->value))
		return err_set(&cmd->err, -EINVAL, "--%s is longer than %zu bytes",
			exclusion_scope_name(exclusion->scope), sizeof(exclusion->value) - 1);
	strcpy(exclusion->value, text);
	return 0;
}

int scope_time(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, const char *name, int64_t *ret_utc_s)
{
	const char *text = opts_text(cmd->opts, name, NULL);
	int rc = text ? when_read(registry, exclusion, text, ret_utc_s, &cmd->err) : 0;

	if (rc)
		err_prefix(&cmd->err, "--%s", name);
	return rc;
}

int scope_zone(struct cmd *cmd, struct registry *registry,
	const struct registry_exclusion *exclusion, int32_t *ret_offset_s)
{
	return when_zone(registry, exclusion, ret_offset_s, &cmd->err);
}
