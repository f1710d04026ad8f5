/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a program under test: counts the bytes and blocks of its heap that it has asked
 * for and not given back, in the file PANTAU_LIVE/PID, as two little-endian int64. What a process
 * holds of the kernel also depends on how far its allocator once had to reach; this does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
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

/*
 * A block, with the size that was asked for: what the allocator gives beyond it comes and goes.
 *
 *	base .. | struct head | what the program has
 */
struct head {
	uint64_t size;
	uint64_t offset; /* of the block from its base */
};

#define HEAD sizeof(struct head) /* 16: what malloc() aligns to */

static void count(int64_t bytes, int64_t blocks)
{
	__atomic_add_fetch(&live->bytes, bytes, __ATOMIC_RELAXED);
	__atomic_add_fetch(&live->blocks, blocks, __ATOMIC_RELAXED);
}

static struct head *head_of(void *block)
{
	return (struct head *)block - 1;
}

static void *counted(char *base, size_t offset, size_t size)
{
	if (!base)
		return NULL;
	*head_of(base + offset) = (struct head){size, offset};
	count((int64_t)size, 1);
	return base + offset;
}

static bool too_large(size_t size, size_t more)
{
	if (size <= PTRDIFF_MAX - more)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return too_large(size, HEAD) ? NULL : counted(__libc_malloc(size + HEAD), HEAD, size);
}

void *calloc(size_t number, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(number, size, &bytes))
		bytes = SIZE_MAX;
	return too_large(bytes, HEAD) ? NULL : counted(__libc_calloc(1, bytes + HEAD), HEAD, bytes);
}

void *memalign(size_t alignment, size_t size)
{
	if (alignment <= HEAD)
		return malloc(size);
	if (too_large(size, alignment))
		return NULL;
	return counted(__libc_memalign(alignment, size + alignment), alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
	void *block = memalign(alignment, size);

	if (!block)
		return ENOMEM;
	*ret_block = block;
	return 0;
}

size_t malloc_usable_size(void *block)
{
	return block ? head_of(block)->size : 0;
}

void free(void *block)
{
	struct head head;

	if (!block)
		return;
	head = *head_of(block);
	count(-(int64_t)head.size, -1);
	__libc_free((char *)block - head.offset);
}

void *realloc(void *old, size_t size)
{
	struct head head;
	char *base;

	if (!old)
		return malloc(size);
	if (size == 0) {
		free(old);
		return NULL;
	}
	head = *head_of(old);
	if (head.offset != HEAD || too_large(size, HEAD))
		abort(); /* nobody here resizes what he had aligned */
	base = __libc_realloc((char *)old - HEAD, size + HEAD);
	if (base)
		count(-(int64_t)head.size, -1);
	return counted(base, HEAD, size);
}
