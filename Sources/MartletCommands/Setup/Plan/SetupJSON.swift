import MartletJSON

/// What was written and what is left to do, for programs.
enum SetupJSON {
    static func text(_ plan: SetupPlan, writer: SetupWriter) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("version", plan.version.description)
        json.key("files")
        json.beginArray()
        for file in plan.files {
            json.beginObject()
            json.member("written", writer.path(of: file))
            json.member("target", file.target)
            json.member("owner", file.owner)
            json.member("group", file.group)
            json.member("mode", file.targetMode)
            json.member("secret", file.isSecret)
            json.endObject()
        }
        json.endArray()
        json.key("steps")
        json.beginArray()
        for step in plan.steps(directory: writer.directory) {
            json.beginObject()
            json.member("title", step.title)
            strings("commands", step.commands, into: &json)
            strings("notes", step.notes, into: &json)
            json.endObject()
        }
        json.endArray()
        json.member("source", plan.sources.flatMap(\.lines).joined(separator: "\n"))
        strings("limits", plan.targets.flatMap(SetupLimits.of), into: &json)
        json.endObject()
        return json.bytes
    }

    private static func strings(_ name: StaticString, _ texts: [String], into json: inout JSONWriter) {
        json.key(name)
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }
}
