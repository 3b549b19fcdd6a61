extension StateMachine {
    /// CloudStack's machine for a resource type: `VirtualMachine`, `Volume`, `Snapshot` or `Network`, the four that publish
    /// their transitions; `nil` for any other.
    package static func cloudStack(for resourceType: String) -> StateMachine? {
        // Four machines: looking at each is faster than hashing the name.
        cloudStackMachines.first { $0.resourceType == resourceType }
    }

    private static let cloudStackMachines = machines(of: cloudStackTransitions.description)

    private static func machines(of text: String) -> [StateMachine] {
        var names: [String] = []
        var states: [String: [String]] = [:]
        var transitions: [String: [Transition]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 2 else { continue }
            let (name, state, rest) = (words[0], words[1], words.dropFirst(2))
            guard state != "*" else {
                if states[name] == nil { names.append(name) }
                states[name, default: []] += rest
                continue
            }
            transitions[name, default: []] += rest.compactMap { step in
                let parts = step.split(separator: ">")
                return parts.count == 2 ? Transition(from: state, event: String(parts[0]), to: String(parts[1])) : nil
            }
        }
        return names.map {
            StateMachine(resourceType: $0, states: states[$0] ?? [], transitions: transitions[$0] ?? [])
        }
    }
}
