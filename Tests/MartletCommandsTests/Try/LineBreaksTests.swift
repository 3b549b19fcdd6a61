import Testing

@testable import MartletCommands

struct LineBreaksTests {
    @Test(
        arguments: [
            (nil, ["one two three"]), (13, ["one two three"]), (12, ["one two", "three"]), (7, ["one two", "three"]),
            (3, ["one", "two", "three"]), (0, ["one", "two", "three"]),
        ] as [(Int?, [String])]
    )
    func `lines are broken at blanks only`(width: Int?, lines: [String]) {
        #expect("one two three".lines(width: width) == lines)
    }
}
