#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the processor has an instruction for CRC-32C.
bool CChecksumIsSupported(void);

/// Adds bytes to the state of a CRC-32C by that instruction; only where CChecksumIsSupported says so.
uint32_t CChecksumAdd(uint32_t state, const void *bytes, size_t count);
