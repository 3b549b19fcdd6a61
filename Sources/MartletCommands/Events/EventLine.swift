import Martlet
import MartletClient

/// Which columns an event's line has, and how wide they are.
///
///     11:38:35 ✓ action  VM.START          VirtualMachine 9c3d1e42  Stopped → Running  Successfully started …
struct EventLineLayout: Hashable {
    /// The most columns of a line; nil where nothing is cut.
    var width: Int?
    var showsCategory = true
    var typeWidth = 24
    var resourceWidth = 25

    init(width: Int?) {
        self.width = width
        guard let width else { return }
        switch width {
        case 132...: (typeWidth, resourceWidth) = (30, 31)
        case 100...: (typeWidth, resourceWidth) = (22, 23)
        case 72...: (showsCategory, typeWidth, resourceWidth) = (false, 18, 19)
        default: (showsCategory, typeWidth, resourceWidth) = (false, 14, 8)
        }
    }
}

/// Turns events into lines, a heading wherever the date changes.
struct EventLineFormatter {
    private let layout: EventLineLayout
    private let clock: WallClock
    private var date: String?

    init(layout: EventLineLayout, clock: WallClock) {
        self.layout = layout
        self.clock = clock
    }

    /// The line of an event, after the date where that is another than before.
    mutating func lines(for event: ListedEvent) -> [StyledText] {
        let reading = event.time.map { clock.read($0) }
        let line = line(for: event, time: reading?.time ?? "")
        // A job has no time of its own: when it was recorded says nothing of the day that the others speak of.
        guard let reading, reading.date != date, date == nil || event[.time] != nil else { return [line] }
        date = reading.date
        return [StyledText(reading.date, .dim), line]
    }

    private func line(for event: ListedEvent, time: String) -> StyledText {
        let emphasis = event.emphasis
        var line = StyledText(time, .dim)
        line.pad(to: 8)
        line.append(" ")
        line.append(event.mark)
        line.append(" ")
        if layout.showsCategory {
            line.append(column: StyledText(event.category.rawValue, .dim), width: 6, isCut: false)
        }
        line.append(column: StyledText(event.shortType, emphasis), width: layout.typeWidth, isCut: layout.width != nil)
        line.append(column: resource(of: event), width: layout.resourceWidth, isCut: layout.width != nil)
        if let change = event.stateChange {
            line.append(change, .cyan)
            line.append("  ")
        }
        if event[.impossibletransition] != nil { line.append("impossible: an event was missed  ", .yellow) }
        if let summary = event.summary { line.append(summary, emphasis) }
        return line.withoutTrailingBlanks(upTo: layout.width)
    }

    /// The type gives way before the id does.
    private func resource(of event: ListedEvent) -> StyledText {
        guard let resource = event.resource else { return StyledText() }
        let id = resource.shortID
        let room = layout.width == nil ? Int.max : layout.resourceWidth - 1 - DisplayWidth.of(id)
        var text = StyledText()
        if room >= 4 {
            text.append(StyledText(resource.type).truncated(to: room))
            text.append(" ")
        }
        text.append(id, .dim)
        return text
    }
}

extension ListedEvent {
    /// The type without the prefix that all types of a cloud have.
    var shortType: String {
        let type = self[.type] ?? ""
        for prefix in ListedEvent.typePrefixes where type.hasPrefix(prefix) {
            return String(type.dropFirst(prefix.count))
        }
        return type
    }

    /// What the formats put in front of an origin's own event types.
    static let typePrefixes = ["org.apache.cloudstack.", "org.openstack."]

    /// One column that tells how it went.
    fileprivate var mark: StyledText {
        if outcome == .failure { return StyledText("✗", .red) }
        if category == .alert { return StyledText("!", .yellow) }
        if outcome == .success { return StyledText("✓", .green) }
        return switch self[.phase].flatMap({ Phase(rawValue: $0) }) {
        case .created, .scheduled: StyledText("·", .dim)
        case .started, .progress: StyledText("›", .dim)
        case .completed, nil: StyledText(" ")
        }
    }

    fileprivate var emphasis: TextStyle {
        if outcome == .failure { return .red }
        return category == .alert ? .yellow : .plain
    }

    fileprivate var stateChange: String? {
        switch (self[.oldstate], self[.newstate]) {
        case (let old?, let new?): "\(old) → \(new)"
        case (nil, let new?): "→ \(new)"
        default: nil
        }
    }
}

extension ResourceReference {
    /// The first group of a UUID; any other id as it is.
    var shortID: String {
        let groups = id.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return id }
        return String(groups[0])
    }
}

extension StyledText {
    /// Appends a text in a column of its own, and two blanks.
    fileprivate mutating func append(column text: StyledText, width: Int, isCut: Bool) {
        let end = self.width + width
        append(isCut ? text.truncated(to: width) : text)
        pad(to: end)
        append("  ")
    }

    fileprivate func withoutTrailingBlanks(upTo width: Int?) -> StyledText {
        trimmed().truncated(to: width ?? .max)
    }
}
