/* SPDX-License-Identifier: Apache-2.0 */
#include "agent/net/leave.h"

#include <errno.h>
#include <net/if.h>

#include "agent/net/address.h"

int leave_by(int fd, uint32_t interface, const struct address *source)
{
	union socket_address own;
	char name[IF_NAMESIZE];

	if (interface && !if_indextoname(interface, name))
		return -errno;
	if (interface && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, sizeof(name)) < 0)
		return -errno;
	if (source->length && bind(fd, &own.any, socket_address_of(source, 0, interface, &own)) < 0)
		return -errno;
	return 0;
}
