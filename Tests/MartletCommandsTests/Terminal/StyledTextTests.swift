import Testing

@testable import MartletCommands

struct StyledTextTests {
    @Test(arguments: [
        ("", 0), ("web-1", 5), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국", 4), ("ｆｕｌｌ", 8), ("🚀", 2), ("❤️", 2),
        ("→✓✗…", 4),
        ("👩‍👩‍👧‍👦", 2), ("🇰🇿", 2), ("\u{200B}", 0),
    ])
    func `the width is what a terminal shows`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
        #expect(StyledText(text).width == width)
    }

    @Test(arguments: [
        ("web-1", 5, "web-1"), ("web-10", 5, "web-…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
        ("日本語", 2, "…"), ("abc", 1, "…"), ("abc", 0, ""),
    ])
    func `a text that is cut is no wider than asked and ends in an ellipsis`(text: String, width: Int, expected: String)
    {
        let cut = StyledText(text).truncated(to: width)
        #expect(cut.render(inColour: false) == expected)
        #expect(cut.width <= width)
    }

    @Test func `a cut goes through the styles of a line`() {
        var line = StyledText("one ", .red)
        line.append("two ", .cyan)
        line.append("three")
        #expect(line.truncated(to: 7).render(inColour: true) == "\u{1B}[31mone \u{1B}[0m\u{1B}[36mtw…\u{1B}[0m")
        #expect(line.truncated(to: 4).render(inColour: false) == "one…")
        #expect(line.truncated(to: 13) == line)
    }

    @Test(arguments: [
        ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\nb\tc\rd", "a b c d"), ("a\u{9B}31mb", "a\u{FFFD}31mb"),
        ("user\u{202E}txt.exe", "usertxt.exe"), ("a\u{7F}\u{0}", "a\u{FFFD}\u{FFFD}"), ("naïve 日本", "naïve 日本"),
    ])
    func `what could steer a terminal is replaced`(text: String, expected: String) {
        #expect(StyledText(text).render(inColour: true) == expected)
    }

    @Test func `blanks at the end are taken away, those within are not`() {
        var line = StyledText("one  two  ", .red)
        line.append("   ")
        #expect(line.trimmed().render(inColour: false) == "one  two")
        #expect(line.trimmed().width == 8)
        #expect(StyledText("   ").trimmed().isEmpty)
    }

    @Test func `without colour there are no codes`() {
        for style in TextStyle.allCases { #expect(StyledText("x", style).render(inColour: false) == "x") }
    }
}
