import MartletJSON

/// What is to be done, for programs.
enum OpenStackJSON {
    static func text(_ plan: OpenStackPlan) -> [UInt8] {
        let (configure, write, read) = plan.target.permissions
        var json = JSONWriter()
        json.beginObject()
        json.key("permissions")
        json.beginObject()
        json.member("configure", configure)
        json.member("write", write)
        json.member("read", read)
        json.endObject()
        json.key("steps")
        json.beginArray()
        for step in plan.steps {
            json.beginObject()
            json.member("title", step.title)
            strings("lines", step.commands, into: &json)
            strings("notes", step.notes, into: &json)
            json.endObject()
        }
        json.endArray()
        json.member("source", plan.sourceLines.joined(separator: "\n"))
        strings("limits", plan.limits, into: &json)
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
