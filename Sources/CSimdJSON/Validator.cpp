#include "Validator.h"

#include "CSimdJSON.h"

#include <cstring>
#include <initializer_list>

namespace martlet {
namespace {

class Validator {
public:
    Validator(const uint8_t *bytes, size_t length) : bytes(bytes), length(length) {}

    Finding run() {
        skipWhiteSpace();
        if (position == length) return {CSimdJSONEmpty, position};
        if (document()) {
            skipWhiteSpace();
            if (position < length) fail(CSimdJSONTrailingContent);
        }
        return finding;
    }

private:
    const uint8_t *bytes;
    size_t length;
    size_t position = 0;
    size_t depth = 0;
    /// The closing bracket of each open container.
    uint8_t closers[maximumDepth];
    Finding finding = {CSimdJSONAccepted, 0};

    bool fail(uint32_t error) {
        finding = {position < length ? error : uint32_t(CSimdJSONUnexpectedEnd), position};
        return false;
    }

    bool at(uint8_t byte) const { return position < length && bytes[position] == byte; }

    bool atDigit() const { return position < length && bytes[position] >= '0' && bytes[position] <= '9'; }

    void skipWhiteSpace() {
        while (at(' ') || at('\t') || at('\n') || at('\r')) position++;
    }

    /// A value and all that it contains, without recursion.
    bool document() {
        while (true) {
            // At the start of a value.
            if (at('{') || at('[')) {
                if (depth == maximumDepth) return fail(CSimdJSONTooDeep);
                closers[depth++] = at('{') ? '}' : ']';
                position++;
                skipWhiteSpace();
                if (!at(closers[depth - 1])) {
                    if (closers[depth - 1] == '}' && !key()) return false;
                    continue;
                }
            } else if (!scalar()) {
                return false;
            }
            // After a scalar, or at the end of an empty container.
            while (true) {
                if (depth == 0) return true;
                skipWhiteSpace();
                if (!at(closers[depth - 1])) break;
                position++;
                depth--;
            }
            if (!at(',')) return fail(CSimdJSONExpectedCommaOrEnd);
            position++;
            skipWhiteSpace();
            if (closers[depth - 1] == '}' && !key()) return false;
        }
    }

    /// A key and its colon, up to the value.
    bool key() {
        if (!at('"')) return fail(CSimdJSONExpectedKey);
        if (!string()) return false;
        skipWhiteSpace();
        if (!at(':')) return fail(CSimdJSONExpectedColon);
        position++;
        skipWhiteSpace();
        return true;
    }

    bool scalar() {
        if (at('"')) return string();
        if (at('-') || atDigit()) return number();
        for (const char *literal : {"true", "false", "null"}) {
            const size_t size = std::strlen(literal);
            if (length - position >= size && std::memcmp(bytes + position, literal, size) == 0) {
                position += size;
                return true;
            }
        }
        return fail(CSimdJSONExpectedValue);
    }

    bool digits() {
        if (!atDigit()) return fail(CSimdJSONInvalidNumber);
        while (atDigit()) position++;
        return true;
    }

    bool number() {
        if (at('-')) position++;
        if (at('0')) {
            position++;
            if (atDigit()) return fail(CSimdJSONInvalidNumber);
        } else if (!digits()) {
            return false;
        }
        if (at('.')) {
            position++;
            if (!digits()) return false;
        }
        if (at('e') || at('E')) {
            position++;
            if (at('+') || at('-')) position++;
            if (!digits()) return false;
        }
        return true;
    }

    bool string() {
        position++;
        while (position < length) {
            const uint8_t byte = bytes[position];
            if (byte == '"') {
                position++;
                return true;
            }
            if (byte < 0x20) return fail(CSimdJSONControlCharacter);
            if (byte == '\\') {
                if (!escape()) return false;
            } else if (byte < 0x80) {
                position++;
            } else if (!multibyteCharacter()) {
                return false;
            }
        }
        return fail(CSimdJSONUnexpectedEnd);
    }

    bool escape() {
        position++;
        if (position == length) return fail(CSimdJSONUnexpectedEnd);
        const uint8_t kind = bytes[position];
        if (kind == 0 || std::strchr("\"\\/bfnrtu", kind) == nullptr) return fail(CSimdJSONInvalidEscape);
        position++;
        for (int digit = 0; kind == 'u' && digit < 4; digit++, position++) {
            const uint8_t lower = position < length ? bytes[position] | 0x20 : 0;
            if (!atDigit() && !(lower >= 'a' && lower <= 'f')) return fail(CSimdJSONInvalidEscape);
        }
        return true;
    }

    /// Table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing past U+10FFFF.
    bool multibyteCharacter() {
        const uint8_t lead = bytes[position];
        size_t size = 0;
        uint8_t lowest = 0x80, highest = 0xBF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            size = 2;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            size = 3;
            if (lead == 0xE0) lowest = 0xA0;
            if (lead == 0xED) highest = 0x9F;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            size = 4;
            if (lead == 0xF0) lowest = 0x90;
            if (lead == 0xF4) highest = 0x8F;
        } else {
            return fail(CSimdJSONInvalidUTF8);
        }
        for (size_t index = 1; index < size; index++) {
            if (position + index == length) {
                position = length;
                return fail(CSimdJSONUnexpectedEnd);
            }
            const uint8_t byte = bytes[position + index];
            if (byte < lowest || byte > highest) return fail(CSimdJSONInvalidUTF8);
            lowest = 0x80;
            highest = 0xBF;
        }
        position += size;
        return true;
    }
};

}  // namespace

Finding validate(const uint8_t *bytes, size_t length) { return Validator(bytes, length).run(); }

}  // namespace martlet
