#pragma once

#include <cstddef>
#include <cstdint>

namespace martlet {

/// How deep containers may nest.
constexpr size_t maximumDepth = 256;

/// What is wrong first in a text, and where.
struct Finding {
    uint32_t error;
    size_t offset;
};

/// Reads a text by the grammar of RFC 8259, one byte at a time; `CSimdJSONAccepted` when nothing is wrong.
///
/// It runs only after simdjson has refused a text, which says that something is wrong but not where.
Finding validate(const uint8_t *bytes, size_t length);

}  // namespace martlet
