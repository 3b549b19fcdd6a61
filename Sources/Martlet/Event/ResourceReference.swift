/// The resource that an event speaks of, within its cloud: `VirtualMachine/9c3d1e42-…`.
public struct ResourceReference: Sendable, Hashable, CustomStringConvertible {
    /// CloudStack's entity name where there is an equivalent, else the origin's own.
    public var type: String
    /// The origin's id within its cloud: a UUID mostly.
    public var id: String

    /// A resource by type and id.
    public init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    /// The CloudEvents `subject`.
    public var description: String { "\(type)/\(id)" }
}
