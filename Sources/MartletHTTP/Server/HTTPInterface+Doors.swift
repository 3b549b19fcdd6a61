import Synchronization

extension HTTPInterface {
    /// What the interface knows of the sources of a running server, by name; a reload adds to them and takes away.
    package final class Doors: Sendable, ExpressibleByDictionaryLiteral {
        private let sources: Mutex<[String: Settings.Source]>

        package init() { sources = Mutex([:]) }

        package init(dictionaryLiteral elements: (String, Settings.Source)...) {
            sources = Mutex(Dictionary(elements) { $1 })
        }

        package subscript(name: String) -> Settings.Source? {
            get { sources.withLock { $0[name] } }
            set { sources.withLock { $0[name] = newValue } }
        }
    }
}
