/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program under test: counts the bytes and blocks of its heap that are in use, in
 * the file PANTAU_LIVE/PID, as two little-endian int64 that are always true. What a process holds
 * of the kernel also depends on how far its allocator once had to reach; this does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The C library's own, below the names that are taken over here. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

struct live {
	int64_t bytes, blocks;
};

static struct live until_mapped; /* of what runs before the constructor */
static struct live *live = &until_mapped;

__attribute__((constructor)) static void map_file(void)
{
	const char *folder = getenv("PANTAU_LIVE");
	struct live *mapped;
	char path[512];
	int fd;

	if (!folder)
		return;
	snprintf(path, sizeof(path), "%s/%d", folder, (int)getpid());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	if (ftruncate(fd, sizeof(*mapped)) == 0) {
		mapped = mmap(NULL, sizeof(*mapped), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (mapped != MAP_FAILED) {
			*mapped = until_mapped;
			live = mapped;
		}
	}
	close(fd);
}

static void count(int64_t bytes, int64_t blocks)
{
	__atomic_add_fetch(&live->bytes, bytes, __ATOMIC_RELAXED);
	__atomic_add_fetch(&live->blocks, blocks, __ATOMIC_RELAXED);
}

static void *counted(void *block)
{
	if (block)
		count((int64_t)malloc_usable_size(block), 1);
	return block;
}

void *malloc(size_t size)
{
	return counted(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
	return counted(__libc_calloc(number, size));
}

void *realloc(void *old, size_t size)
{
	int64_t bytes = old ? (int64_t)malloc_usable_size(old) : 0;
	void *block = __libc_realloc(old, size);

	if (block || (old && size == 0)) /* of size 0 it frees */
		count(-bytes, old ? -1 : 0);
	return counted(block);
}

void *memalign(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
	void *block = __libc_memalign(alignment, size);

	if (!block)
		return ENOMEM;
	*ret_block = counted(block);
	return 0;
}

void free(void *block)
{
	if (block)
		count(-(int64_t)malloc_usable_size(block), -1);
	__libc_free(block);
}
