// Shows the thread sanitizer the locks it cannot see: preloaded (LD_PRELOAD) into a program that is compiled with it.
//
// Synchronization.Mutex takes a free lock with an atomic operation that is compiled into its caller, where the sanitizer sees
// it. A contended one is taken and given away in libswiftSynchronization, which is not compiled with the sanitizer: whatever
// the mutex protects would be reported as a race. These stand before the library's functions and tell what they do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Of the program's own sanitizer; a program without one has none.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

// MutexHandle._lockSlow(_: UInt32), ._tryLockSlow() -> Bool, ._unlockSlow()
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF handle) __asm__(LOCK);
SWIFT _Bool try_lock_slow(SELF handle) __asm__(TRY);
SWIFT void unlock_slow(SELF handle) __asm__(UNLOCK);

static void *library(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) {
        fprintf(stderr, "thread-sanitizer: this toolchain's mutex has no %s: see Tests/Tools/thread-sanitizer\n", name);
        abort();
    }
    return function;
}

SWIFT void lock_slow(uint32_t thread, SELF handle) {
    SWIFT void (*real)(uint32_t, SELF) = library(LOCK);
    real(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT _Bool try_lock_slow(SELF handle) {
    SWIFT _Bool (*real)(SELF) = library(TRY);
    _Bool is_locked = real(handle);
    if (is_locked && __tsan_acquire) __tsan_acquire(handle);
    return is_locked;
}

SWIFT void unlock_slow(SELF handle) {
    SWIFT void (*real)(SELF) = library(UNLOCK);
    if (__tsan_release) __tsan_release(handle);
    real(handle);
}
