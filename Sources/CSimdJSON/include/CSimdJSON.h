#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a node is.
enum {
    CSimdJSONObject = 0,
    CSimdJSONArray = 1,
    CSimdJSONString = 2,
    CSimdJSONNumber = 3,
    CSimdJSONTrue = 4,
    CSimdJSONFalse = 5,
    CSimdJSONNull = 6,
};

/// Why a text is not the JSON that we read.
enum {
    CSimdJSONAccepted = 0,
    CSimdJSONEmpty,
    CSimdJSONUnexpectedEnd,
    CSimdJSONExpectedValue,
    CSimdJSONExpectedKey,
    CSimdJSONExpectedColon,
    CSimdJSONExpectedCommaOrEnd,
    CSimdJSONTrailingContent,
    CSimdJSONInvalidNumber,
    CSimdJSONInvalidEscape,
    CSimdJSONControlCharacter,
    CSimdJSONInvalidUTF8,
    CSimdJSONTooDeep,
    CSimdJSONTooLarge,
    CSimdJSONOutOfMemory,
    CSimdJSONInternal,
};

/// One value or key in the text; 16 bytes. An object is followed by key, value, key, value, an array by its elements.
typedef struct {
    /// Where the text begins, from the start of the document, and how many bytes it has, quotes and brackets included.
    uint32_t offset;
    uint32_t length;
    /// The index of the first node after this one and everything in it.
    uint32_t next;
    uint8_t kind;
    /// 1 for a string with a backslash in it.
    uint8_t hasEscapes;
    uint16_t reserved;
} CSimdJSONNode;

typedef struct {
    /// The nodes in text order, the root first; they belong to the thread and last until its next call.
    const CSimdJSONNode *nodes;
    uint32_t count;
    /// CSimdJSONAccepted, or the first thing wrong and the offset of the byte where it is.
    uint32_t error;
    uint64_t errorOffset;
} CSimdJSONResult;

/// Parses one JSON text of `length` bytes: strict UTF-8, one value, containers nested no deeper than 256.
///
/// A byte order mark is passed over. Numbers of any size and escapes of half a surrogate pair are grammatical and pass.
CSimdJSONResult CSimdJSONParse(const uint8_t *bytes, size_t length);

/// Gives back the memory that the thread keeps for its next document, worth calling after an unusually large one.
void CSimdJSONReleaseMemory(void);

#ifdef __cplusplus
}
#endif
