/// What `martlet setup openstack` tells people.
struct OpenStackPage {
    let plan: OpenStackPlan
    let width: Int?

    func lines() -> [StyledText] {
        var lines: [StyledText] = []
        for step in plan.steps {
            lines += heading(step.title, isFirst: lines.isEmpty)
            lines += step.commands.map { StyledText("  \($0)", .cyan) }
            for note in step.notes { lines += Prose.lines(note, width: width, indent: "  ", style: .dim) }
        }
        lines += heading("In martlet.yaml")
        lines += plan.sourceLines.map { StyledText("  \($0)", .cyan) }
        lines += heading("What to know")
        for limit in plan.limits { lines += Prose.lines(limit, width: width, indent: "  - ") }
        lines += heading("Then")
        let next =
            "Restart the services, start Martlet, and repeat this command with --check: it looks at the broker and changes nothing."
        return lines + Prose.lines(next, width: width, indent: "  ")
    }

    private func heading(_ title: String, isFirst: Bool = false) -> [StyledText] {
        (isFirst ? [] : [StyledText()]) + [StyledText(title, .bold)]
    }
}
