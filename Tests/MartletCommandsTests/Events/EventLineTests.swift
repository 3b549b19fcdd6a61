import Martlet
import MartletClient
import Testing

@testable import MartletCommands

struct EventLineTests {
    private static let id = "9c3d1e42-5b7a-4c11-9a52-0e2f6d8b7c10"

    private func lines(_ events: ListedEvent..., width: Int?, inColour: Bool = false) -> [String] {
        var formatter = EventLineFormatter(layout: EventLineLayout(width: width), clock: .utc(now: { testTime }))
        return events.flatMap { formatter.lines(for: $0) }.map { $0.render(inColour: inColour) }
    }

    private func examples() throws -> [ListedEvent] {
        [
            try listedEvent(
                ["category": "action", "phase": "started", "resourcetype": "VirtualMachine", "resourceid": Self.id],
                data: #"{"description":"starting Vm. Vm Name: web-1"}"#
            ),
            try listedEvent([
                "type": "org.apache.cloudstack.VirtualMachine.OperationSucceeded", "category": "state",
                "oldstate": "Starting",
                "newstate": "Running", "resourcetype": "VirtualMachine", "resourceid": Self.id,
            ]),
            try listedEvent(
                [
                    "type": "org.apache.cloudstack.VOLUME.ATTACH", "category": "action", "phase": "completed",
                    "outcome": "failure", "resourcetype": "Volume", "resourceid": Self.id,
                ],
                data: #"{"description":"Error while attaching volume to 日本語サーバー"}"#
            ),
            try listedEvent(
                [
                    "type": "x.y", "category": "alert", "resourcetype": "Host", "resourceid": "17",
                    "time": "2026-01-31T00:00:01Z",
                ],
                data: #"{"subject":"Host is down"}"#
            ),
            try listedEvent([
                "type": "org.openstack.compute.instance.create.end", "outcome": "success", "newstate": "active",
            ]),
        ]
    }

    @Test func `nothing is cut where there is no terminal`() throws {
        let all = try examples()
        #expect(
            lines(all[0], all[1], all[2], all[3], all[4], width: nil) == [
                "2026-01-30",
                "11:00:00 › action  VM.START                  VirtualMachine 9c3d1e42    starting Vm. Vm Name: web-1",
                "11:00:00   state   VirtualMachine.OperationSucceeded  VirtualMachine 9c3d1e42    Starting → Running",
                "11:00:00 ✗ action  VOLUME.ATTACH             Volume 9c3d1e42            Error while attaching volume to 日本語サーバー",
                "2026-01-31",
                "00:00:01 ! alert   x.y                       Host 17                    Host is down",
                "2026-01-30",
                "11:00:00 ✓ other   compute.instance.create.end                             → active",
            ]
        )
    }

    @Test func `a terminal of 100 columns shows all of them aligned`() throws {
        let all = try examples()
        #expect(
            lines(all[0], all[1], all[2], width: 100) == [
                "2026-01-30",
                "11:00:00 › action  VM.START                VirtualMachine 9c3d1e42  starting Vm. Vm Name: web-1",
                "11:00:00   state   VirtualMachine.Operat…  VirtualMachine 9c3d1e42  Starting → Running",
                "11:00:00 ✗ action  VOLUME.ATTACH           Volume 9c3d1e42          Error while attaching volume to…",
            ]
        )
    }

    @Test func `a narrow one does without the category and shortens types before ids`() throws {
        let all = try examples()
        #expect(
            lines(all[0], all[2], width: 80) == [
                "2026-01-30",
                "11:00:00 › VM.START            VirtualMa… 9c3d1e42  starting Vm. Vm Name: web-1",
                "11:00:00 ✗ VOLUME.ATTACH       Volume 9c3d1e42      Error while attaching volum…",
            ]
        )
        #expect(lines(all[0], width: 50)[1] == "11:00:00 › VM.START        9c3d1e42  starting Vm.…")
    }

    @Test(arguments: [20, 37, 50, 71, 72, 80, 99, 100, 120, 131, 132, 200])
    func `no line is wider than the terminal`(width: Int) throws {
        var formatter = EventLineFormatter(layout: EventLineLayout(width: width), clock: .utc(now: { testTime }))
        for event in try examples() {
            for line in formatter.lines(for: event) { #expect(line.width <= width) }
        }
    }

    @Test func `failures are red, alerts yellow, states cyan, ids and times dim`() throws {
        let all = try examples()
        let text = lines(all[1], all[2], all[3], width: 200, inColour: true)
        #expect(text[1].contains("\u{1B}[36mStarting → Running\u{1B}[0m"))
        #expect(text[1].contains("\u{1B}[2m9c3d1e42\u{1B}[0m"))
        #expect(text[1].hasPrefix("\u{1B}[2m11:00:00\u{1B}[0m"))
        #expect(text[2].contains("\u{1B}[31m✗\u{1B}[0m"))
        #expect(text[2].contains("\u{1B}[31mVOLUME.ATTACH\u{1B}[0m"))
        #expect(text[4].contains("\u{1B}[33m!\u{1B}[0m"))
    }

    @Test func `an event that steers terminals does not`() throws {
        let event = try listedEvent(data: #"{"description":"a\u001b]0;title\u0007b\nc"}"#)
        #expect(lines(event, width: nil)[1].hasSuffix("a\u{FFFD}]0;title\u{FFFD}b c"))
    }

    @Test func `an event that lacks nearly everything is still a line`() throws {
        let event = try listedEvent(["time": "whenever", "type": ""])
        #expect(lines(event, width: nil) == ["           other"])
    }

    @Test(arguments: [
        (#"{"original":{"description":"a"}}"#, "a"), (#"{"payload":{"message":"b"}}"#, "b"), (#"{"details":"c"}"#, "c"),
        (#"{"description":"","subject":"d"}"#, "d"), (#"{"description":7}"#, nil), (#""text""#, nil), ("null", nil),
    ])
    func `the words of an event are where its origin puts them`(data: String, expected: String?) throws {
        #expect(try listedEvent(data: data).summary == expected)
    }
}
