#include "CChecksum.h"

#include <string.h>

// Swift has no way to use an instruction that not every processor of its target has.

#if defined(__x86_64__)

#include <nmmintrin.h>

bool CChecksumIsSupported(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) uint32_t CChecksumAdd(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t sum = state;
    for (; count >= 8; next += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        sum = _mm_crc32_u64(sum, word);
    }
    for (; count > 0; next++, count--) sum = _mm_crc32_u8((uint32_t)sum, *next);
    return (uint32_t)sum;
}

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

bool CChecksumIsSupported(void) { return true; }

uint32_t CChecksumAdd(uint32_t state, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    for (; count >= 8; next += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = __crc32cd(state, word);
    }
    for (; count > 0; next++, count--) state = __crc32cb(state, *next);
    return state;
}

#else

bool CChecksumIsSupported(void) { return false; }

uint32_t CChecksumAdd(uint32_t state, const void *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}

#endif
