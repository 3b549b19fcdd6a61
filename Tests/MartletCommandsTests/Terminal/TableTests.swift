import Testing

@testable import MartletCommands

struct TableTests {
    private func text(_ table: Table, width: Int? = nil) -> String {
        table.lines(width: width).map { $0.render(inColour: false) }.joined(separator: "\n")
    }

    @Test func `columns are as wide as what is in them, numbers to the right`() {
        var table = Table([.left("name"), .right("count"), .left("note")])
        table.add(["web", "1", "日本"])
        table.add(["database", "12,345", ""])
        #expect(
            text(table) == """
                name       count  note
                web            1  日本
                database  12,345
                """
        )
    }

    @Test func `wide characters keep the columns in line`() {
        var table = Table([.left("name"), .left("state")])
        table.add(["日本語", "up"])
        table.add(["abc", "down"])
        #expect(
            text(table) == """
                name    state
                日本語  up
                abc     down
                """
        )
    }

    @Test func `flexible columns give way, the widest first`() {
        var table = Table([.left("id"), .flexible("reason"), .flexible("text")])
        table.add(["17", "connection refused by host", "short text"])
        let lines = table.lines(width: 32)
        #expect(
            lines.map { $0.render(inColour: false) } == [
                "id  reason            text", "17  connection refu…  short text",
            ]
        )
        #expect(lines.allSatisfy { $0.width <= 32 })
    }

    @Test func `a column never gets narrower than it may`() {
        var table = Table([.flexible("reason")])
        table.add(["connection refused"])
        #expect(table.lines(width: 3).last?.width == Table.narrowest)
    }

    @Test func `optional columns in which nothing counted are left out`() {
        var table = Table([.left("name"), .optional("stale"), .optional("ignored")])
        table.add(["a", "0", "0"])
        table.add(["b", "0", "7"])
        #expect(text(table) == "name  ignored\na           0\nb           7")
    }
}
