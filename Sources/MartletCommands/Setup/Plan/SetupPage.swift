/// What `martlet setup cloudstack` tells people after it has written the files.
struct SetupPage {
    let plan: SetupPlan
    let writer: SetupWriter
    let width: Int?

    func lines() -> [StyledText] {
        var lines = written
        for step in plan.steps(directory: writer.directory) {
            lines += heading(step.title)
            lines += step.commands.map { StyledText("  \($0)", .cyan) }
            for note in step.notes { lines += Prose.lines(note, width: width, indent: "  ", style: .dim) }
        }
        lines += heading("In martlet.yaml")
        for (index, source) in plan.sources.enumerated() {
            // The first line, `sources:`, is there once.
            lines += source.lines.dropFirst(index == 0 ? 0 : 1).map { StyledText("  \($0)", .cyan) }
        }
        for target in plan.targets {
            lines += heading("What \(target.title) cannot do for CloudStack")
            for limit in SetupLimits.of(target) { lines += Prose.lines(limit, width: width, indent: "  - ") }
        }
        lines += heading("Then")
        lines += Prose.lines(plan.nextStep, width: width, indent: "  ")
        return lines
    }

    private var written: [StyledText] {
        var lines = [heading("Written to \(writer.directory), for CloudStack \(plan.version)").last ?? StyledText()]
        for file in plan.files {
            var line = StyledText("  \(file.target.dropFirst())")
            if file.isSecret { line.append("  holds a secret: mode 0600", .yellow) }
            lines.append(line)
        }
        lines += Prose.lines(
            "Each has the path below this directory that it has on the machine it goes to.",
            width: width,
            indent: "  ",
            style: .dim
        )
        return lines
    }

    private func heading(_ title: String) -> [StyledText] { [StyledText(), StyledText(title, .bold)] }
}
