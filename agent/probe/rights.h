/* SPDX-License-Identifier: Apache-2.0 */
/* What the program gives up before it looks at anything from outside. */
#ifndef PANTAU_AGENT_PROBE_RIGHTS_H
#define PANTAU_AGENT_PROBE_RIGHTS_H

/* Descriptors but the standard three, capabilities, root (it becomes nobody where it can), the
 * right to gain any, to write files, to start programs; memory and CPU are bounded, and it dies
 * with who started it, or after `seconds`. 0 or a negative errno: then nothing may be asked. */
int rights_drop(unsigned seconds);

#endif
