import Martlet
import Testing

@testable import MartletCommands

struct MeasuresTests {
    @Test(arguments: [
        (0, "0 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"), (10_189, "10 KiB"), (10_240, "10 KiB"),
        (1_048_575, "1.0 MiB"), (1_610_612_736, "1.5 GiB"), (Int.max, "8192 PiB"),
    ])
    func `sizes have two digits or three`(bytes: Int, text: String) {
        #expect(Measures.size(bytes) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"), (100_000, "100,000"),
    ])
    func `counts have their thousands set off`(value: Int, text: String) {
        #expect(Measures.count(value) == text)
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h"), (7_500, "2 h 5 min"),
        (86_400, "1 d"),
        (273_600, "3 d 4 h"), (-5, "0 s"),
    ])
    func `durations have their two largest units`(seconds: Int64, text: String) {
        #expect(Measures.duration(.seconds(seconds)) == text)
    }

    @Test(arguments: [
        (-1, ""), (0, "0 s ago"), (59, "59 s ago"), (3_599, "59 min ago"), (7_500, "2 h ago"), (86_399, "23 h ago"),
        (273_600, "3 d ago"),
    ])
    func `an age has its largest unit`(seconds: Int64, text: String) {
        #expect(Measures.age(.seconds(seconds)) == text)
    }

    @Test(arguments: [
        (0, "5 s"), (7, "5 s"), (8, "10 s"), (57, "55 s"), (58, "1 min"), (100, "2 min"), (3_500, "58 min"),
        (3_590, "1 h"),
        (5_300, "1 h 30 min"),
    ])
    func `what is left is rounded so that it does not flicker`(seconds: Int64, text: String) {
        #expect(Measures.remaining(.seconds(seconds)) == text)
    }

    @Test(arguments: [(0.0, "0"), (7.4, "7"), (99.0, "99"), (123.0, "120"), (2_717.0, "2,700"), (125_900.0, "130,000")])
    func `a rate has two digits that count`(rate: Double, text: String) {
        #expect(Measures.rate(rate) == text)
    }

    @Test(arguments: [
        ("2026-01-30T11:38:35.9Z", "2026-01-30 11:38:35"), ("1969-12-31T23:59:59.5Z", "1969-12-31 23:59:59"),
        ("2024-02-29T00:00:00Z", "2024-02-29 00:00:00"),
    ])
    func `a clock shows the second that has begun`(moment: String, text: String) throws {
        let clock = WallClock.utc(now: { testTime })
        #expect(clock.read(try #require(Timestamp(moment))).dateAndTime == text)
    }

    @Test(
        arguments: [
            (ColourMode.auto, 80, [:], true), (.auto, nil, [:], false), (.auto, 80, ["NO_COLOR": "1"], false),
            (.auto, 80, ["NO_COLOR": ""], true), (.auto, 80, ["TERM": "dumb"], false),
            (.always, nil, ["NO_COLOR": "1"], true),
            (.never, 80, [:], false),
        ] as [(ColourMode, Int?, [String: String], Bool)]
    )
    func `colour is for terminals, unless somebody decides otherwise`(
        mode: ColourMode,
        width: Int?,
        environment: [String: String],
        expected: Bool
    ) {
        let terminal = Terminal(outputWidth: width, errorWidth: width, isInteractive: false)
        #expect(mode.isOn(terminal, environment: environment) == expected)
    }
}
