/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For large locals on the way of every report that are written before they are read: the hardening
 * flag that fills locals with zeros would move some 50 KiB for a report of 300 bytes.
 *
 *	SCRATCH struct message message;
 */
#ifndef PANTAU_COMMON_SCRATCH_H
#define PANTAU_COMMON_SCRATCH_H

#ifdef __has_attribute
#if __has_attribute(uninitialized)
#define SCRATCH __attribute__((uninitialized))
#endif
#endif
#ifndef SCRATCH
#define SCRATCH
#endif

#endif
