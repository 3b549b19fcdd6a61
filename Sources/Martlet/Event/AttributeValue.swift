/// The value of a CloudEvents extension attribute: the types that the JSON format carries.
public enum AttributeValue: Sendable, Hashable, CustomStringConvertible {
    case string(String)
    case integer(Int32)
    case boolean(Bool)

    /// The canonical text form, as HTTP headers carry it.
    public var description: String {
        switch self {
        case .string(let value): value
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        }
    }
}
