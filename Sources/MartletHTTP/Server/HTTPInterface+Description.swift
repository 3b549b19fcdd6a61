// Whoever logs a service, as the service group does at the level `debug`, prints all that it holds: the secrets of the sources,
// and the token's hash. What may be seen of the settings is the address.

extension HTTPInterface.Settings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(host):\(port)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}

extension HTTPInterface.Settings.Source: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { transport }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["transport": transport, "format": format]) }
}

extension HTTPInterface: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "HTTP at \(settings)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["settings": settings]) }
}
