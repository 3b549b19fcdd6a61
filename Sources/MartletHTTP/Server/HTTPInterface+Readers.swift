package import MartletPipeline
import Synchronization

extension HTTPInterface {
    /// Somebody who may read events and resources, and nothing else, through a gate of its own.
    package struct Reader: Sendable {
        package var name: String
        /// SHA-256 of each token that identifies it, in hexadecimal digits.
        package var tokenHashes: [String]
        package var gate: Gate

        package init(name: String, tokenHashes: [String], gate: Gate) {
            self.name = name
            self.tokenHashes = tokenHashes
            self.gate = gate
        }
    }

    /// The readers of a running server; a reload replaces them.
    package final class Readers: Sendable {
        private let readers = Mutex<[Reader]>([])

        package init() {}

        package func use(_ readers: [Reader]) { self.readers.withLock { $0 = readers } }

        var all: [Reader] { readers.withLock { $0 } }
    }
}

// Whoever logs a service prints all that it holds: see HTTPInterface+Description.

extension HTTPInterface.Reader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { name }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
