#include "CSimdJSON.h"

#include "Validator.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

// simdjson proves the text valid and finds where every token begins; the walk over these beginnings makes the nodes.
// The tape that simdjson builds besides is not used: it unescapes strings and converts numbers, and loses the offsets.

namespace {

constexpr size_t smallestCapacity = 64 * 1024;

/// What a thread keeps from one document to the next.
struct Workspace {
    simdjson::dom::parser parser;
    size_t capacity = 0;
    /// The text with the padding that simdjson reads beyond its end.
    std::unique_ptr<uint8_t[]> text;
    std::unique_ptr<CSimdJSONNode[]> nodes;
    size_t nodeCapacity = 0;

    bool reserve(size_t length) {
        if (length <= capacity) return true;
        size_t wanted = smallestCapacity;
        while (wanted < length) wanted *= 2;
        wanted = std::min(wanted, simdjson::SIMDJSON_MAXSIZE_BYTES);
        text.reset(new (std::nothrow) uint8_t[wanted + simdjson::SIMDJSON_PADDING]);
        // simdjson refuses at its maximum, so that 256 levels need one more; the walk holds to the exact bound.
        const bool done = text && parser.doc.allocate(wanted) == simdjson::SUCCESS
            && parser.allocate(wanted, martlet::maximumDepth + 1) == simdjson::SUCCESS;
        capacity = done ? wanted : 0;
        return done;
    }

    bool reserveNodes(size_t count) {
        if (count <= nodeCapacity) return true;
        const size_t wanted = std::max(count, nodeCapacity * 2);
        nodes.reset(new (std::nothrow) CSimdJSONNode[wanted]);
        nodeCapacity = nodes ? wanted : 0;
        return nodes != nullptr;
    }
};

thread_local std::unique_ptr<Workspace> workspace;

CSimdJSONResult failure(uint32_t error, size_t offset = 0) { return {nullptr, 0, error, offset}; }

bool isWhiteSpace(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

uint8_t kindOfScalar(uint8_t first) {
    switch (first) {
    case '"': return CSimdJSONString;
    case 't': return CSimdJSONTrue;
    case 'f': return CSimdJSONFalse;
    case 'n': return CSimdJSONNull;
    default: return CSimdJSONNumber;
    }
}

/// Makes the nodes of a valid text. `shift` is added to every offset.
CSimdJSONResult walk(Workspace &space, size_t length, uint32_t shift) {
    const uint32_t *starts = space.parser.implementation->structural_indexes.get();
    const uint32_t startCount = space.parser.implementation->n_structural_indexes;
    if (!space.reserveNodes(startCount)) return failure(CSimdJSONOutOfMemory);

    const uint8_t *text = space.text.get();
    CSimdJSONNode *nodes = space.nodes.get();
    const bool anyEscapes = std::memchr(text, '\\', length) != nullptr;
    uint32_t open[martlet::maximumDepth];
    size_t depth = 0;
    uint32_t count = 0;

    for (uint32_t index = 0; index < startCount; index++) {
        const uint32_t start = starts[index];
        const uint8_t first = text[start];
        switch (first) {
        case ',':
        case ':':
            break;
        case '{':
        case '[':
            if (depth == martlet::maximumDepth) return failure(CSimdJSONTooDeep, shift + start);
            open[depth++] = count;
            nodes[count++] = {start + shift, 0, 0, uint8_t(first == '{' ? CSimdJSONObject : CSimdJSONArray), 0, 0};
            break;
        case '}':
        case ']': {
            CSimdJSONNode &container = nodes[open[--depth]];
            container.length = start + shift + 1 - container.offset;
            container.next = count;
            break;
        }
        default: {
            // A scalar ends where the white space before the next token, or before the end, begins.
            uint32_t end = index + 1 < startCount ? starts[index + 1] : uint32_t(length);
            while (isWhiteSpace(text[end - 1])) end--;
            const bool hasEscapes = anyEscapes && first == '"' && std::memchr(text + start, '\\', end - start) != nullptr;
            nodes[count] = {start + shift, end - start, count + 1, kindOfScalar(first), hasEscapes, 0};
            count++;
        }
        }
    }
    return {nodes, count, CSimdJSONAccepted, 0};
}

/// Says what is wrong with a text that simdjson refused, or makes its nodes after all.
CSimdJSONResult reconsider(Workspace &space, size_t length, uint32_t shift, simdjson::error_code error) {
    const martlet::Finding finding = martlet::validate(space.text.get(), length);
    if (finding.error != CSimdJSONAccepted) return failure(finding.error, finding.offset + shift);
    switch (error) {
    // Numbers that fit no machine type and halves of surrogate pairs: grammatical, and nothing is converted here.
    // simdjson meets them only after it has found every token.
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
    case simdjson::STRING_ERROR:
        return walk(space, length, shift);
    case simdjson::MEMALLOC:
        return failure(CSimdJSONOutOfMemory);
    default:
        return failure(CSimdJSONInternal);
    }
}

}  // namespace

extern "C" CSimdJSONResult CSimdJSONParse(const uint8_t *bytes, size_t length) {
    if (length > simdjson::SIMDJSON_MAXSIZE_BYTES) return failure(CSimdJSONTooLarge);
    const uint32_t shift = length >= 3 && std::memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    length -= shift;
    if (length == 0) return failure(CSimdJSONEmpty, shift);

    if (!workspace) workspace.reset(new (std::nothrow) Workspace);
    if (!workspace || !workspace->reserve(length)) return failure(CSimdJSONOutOfMemory);
    Workspace &space = *workspace;
    std::memcpy(space.text.get(), bytes + shift, length);
    std::memset(space.text.get() + length, 0, simdjson::SIMDJSON_PADDING);

    const simdjson::error_code error = space.parser.parse(space.text.get(), length, false).error();
    return error == simdjson::SUCCESS ? walk(space, length, shift) : reconsider(space, length, shift, error);
}

extern "C" void CSimdJSONReleaseMemory(void) { workspace.reset(); }
