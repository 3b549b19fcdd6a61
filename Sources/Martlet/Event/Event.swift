/// One CloudEvents 1.0 event with Martlet's attributes.
///
/// A value in one immutable box: passing it on costs one reference. The names of the extension attributes on the wire
/// stand in ``AttributeName``.
public struct Event: Sendable {
    // Inlinable, with all that reads it: another module that reads one field through a call copies and frees all of them,
    // 0.3 µs each time.
    @usableFromInline let storage: Storage

    /// An event with the four attributes that CloudEvents requires, of category ``Category/other`` and without data.
    ///
    /// - Parameters:
    ///   - id: the origin's own id; empty where the origin has none, and the store derives one from the position.
    ///   - source: a URI reference, `/clouds/<cloud>/<publisher>`.
    ///   - type: reverse-DNS, `org.apache.cloudstack.VM.START`.
    ///   - cloud: the cloud that the event belongs to, from the configuration of its source.
    ///   - topic: where the event is published.
    ///   - payload: the bytes that came in.
    public init(id: String, source: String, type: String, cloud: String, topic: Topic, payload: Payload) {
        self.init(
            fields: Fields(id: id, source: source, type: type, cloud: cloud, topic: topic, payload: payload)
        )
    }

    /// An event with these fields.
    public init(fields: Fields) { storage = Storage(fields) }

    /// An event with these fields, which are blank then: moved, where a copy would cost a reference for each text.
    package init(taking fields: inout Fields) {
        var taken = Fields.blank
        swap(&taken, &fields)
        storage = Storage(taken)
    }

    @usableFromInline
    final class Storage: Sendable {
        // `let` keeps the box immutable, and so Sendable without a lock; a change makes a new one (`with`).
        @usableFromInline let fields: Fields

        init(_ fields: Fields) { self.fields = fields }
    }

    /// Everything an event holds, for changing several attributes at the price of one copy: see ``with(_:)``.
    public struct Fields: Sendable, Hashable {
        // CloudEvents' own attributes.
        /// The origin's id; empty where it has none.
        public var id: String
        /// A URI reference.
        public var source: String
        /// Reverse-DNS.
        public var type: String
        /// When it happened, by the origin's clock.
        public var time: Timestamp?
        /// The media type of `data`.
        public var dataContentType: String?
        /// The URI of the schema of `data`.
        public var dataSchema: String?
        /// The `subject` of an event without a resource; a resource is its own subject.
        public var ownSubject: String?
        /// The bytes that came in, and which of them are `data`.
        public var payload: Payload

        // Where it belongs.
        /// Where it is published.
        public var topic: Topic
        /// The broker's routing key that it came with, where that is not the topic's text.
        public var routingKey: String?
        /// The cloud that it belongs to, from the configuration of its source.
        public var cloud: String
        /// The region within the cloud.
        public var region: String?
        /// What kind of happening it reports.
        public var category = Category.other
        /// The resource that it speaks of.
        public var resource: ResourceReference?

        // What happened.
        /// How far the operation has come.
        public var phase: Phase?
        /// How the operation ended, where that is known.
        public var outcome: Outcome?
        /// The state that the resource leaves.
        public var oldState: String?
        /// The state that the resource enters.
        public var newState: String?
        /// What ties start and end of an operation together.
        public var operationID: String?
        /// How grave an alert or a failure is.
        public var severity: Severity?

        // Who.
        /// The owner: an account or a project.
        public var tenantID: String?
        /// The owner's domain.
        public var domainID: String?
        /// Who did it.
        public var actorID: String?

        // Marks.
        /// Older than what the index knew when it came.
        public var isStale = false
        /// Credentials were cut.
        public var isRedacted = false
        /// Part of a replay, or a redelivered dead letter.
        public var isReplay = false
        /// Sent in the place of earlier events of its resource, after the receiver was away.
        public var isResynchronised = false
        /// The transition contradicts the state machine, or what the index knew: the first sign of a missed event.
        public var isImpossibleTransition = false

        // What the store adds.
        /// When it was committed.
        public var recordedTime: Timestamp?
        /// Where it was committed.
        public var position: Position?

        /// Extension attributes that Martlet gives no meaning to, passed through.
        public var extensions: [String: AttributeValue] = [:]

        /// Nothing.
        fileprivate static let blank = Fields(
            id: "",
            source: "",
            type: "",
            cloud: "",
            topic: Topic(text: ""),
            payload: Payload(original: [], content: .absent)
        )

        /// What CloudEvents requires, and nothing else.
        public init(id: String, source: String, type: String, cloud: String, topic: Topic, payload: Payload) {
            self.id = id
            self.source = source
            self.type = type
            self.cloud = cloud
            self.topic = topic
            self.payload = payload
        }
    }

    /// All fields at once, read without a copy.
    @inlinable public var fields: Fields { _read { yield storage.fields } }

    /// A copy with the fields changed by `change`: one copy, however many of them change.
    public func with(_ change: (inout Fields) -> Void) -> Event {
        var fields = storage.fields
        change(&fields)
        return Event(fields: fields)
    }
}

extension Event {
    /// The origin's id; empty where it has none and the event has not been stored yet.
    @inlinable public var id: String { storage.fields.id }
    /// A URI reference, `/clouds/<cloud>/<publisher>`.
    @inlinable public var source: String { storage.fields.source }
    /// Reverse-DNS, `org.apache.cloudstack.VM.START`.
    @inlinable public var type: String { storage.fields.type }
    /// When it happened, by the origin's clock.
    @inlinable public var time: Timestamp? { storage.fields.time }
    /// Where it is published.
    @inlinable public var topic: Topic { storage.fields.topic }
    /// The cloud that it belongs to.
    @inlinable public var cloud: String { storage.fields.cloud }
    /// What kind of happening it reports.
    @inlinable public var category: Category { storage.fields.category }
    /// The resource that it speaks of.
    @inlinable public var resource: ResourceReference? { storage.fields.resource }
    /// The bytes that came in.
    @inlinable public var payload: Payload { storage.fields.payload }
    /// Its place in the log, once it is stored.
    @inlinable public var position: Position? { storage.fields.position }

    /// The resource where there is one, else the origin's own subject.
    public var subject: String? { storage.fields.resource?.description ?? storage.fields.ownSubject }

    /// What keeps order: the resource within its cloud; `nil` where the event is unordered (promise 6).
    public var partitionKey: String? { storage.fields.resource.map { "\(storage.fields.cloud)/\($0)" } }
}

extension Event: Hashable {
    /// Equal in every field.
    public static func == (left: Event, right: Event) -> Bool {
        left.storage === right.storage || left.storage.fields == right.storage.fields
    }

    /// Hashes every field.
    public func hash(into hasher: inout Hasher) { hasher.combine(storage.fields) }
}
