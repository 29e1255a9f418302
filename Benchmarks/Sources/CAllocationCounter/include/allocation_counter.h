#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// The number of times this process has asked the C allocator for memory since it started.
///
/// malloc, calloc, realloc, aligned_alloc, posix_memalign and memalign are counted; the Swift runtime
/// and OpenBLAS go through them.
unsigned long allocations_so_far(void);

#endif
