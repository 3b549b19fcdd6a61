import ArgumentParser
import MartletClient

/// Which dead letters a command is about: some by their ids, or all of one forwarder.
struct DeadLetterChoice: ParsableArguments {
    @Argument(help: "Their ids.")
    var id: [String] = []

    @Flag(help: "All of the forwarder.")
    var all = false

    @Option(help: ArgumentHelp("The forwarder; with ids, only to save looking it up.", valueName: "name"))
    var forwarder: String?

    func validate() throws {
        guard all != !id.isEmpty else {
            throw ValidationError("Say which: ids, or --all with --forwarder NAME.")
        }
        if all, forwarder == nil { throw ValidationError("--all needs --forwarder NAME.") }
    }

    /// What to ask of which forwarder.
    func selections(_ client: APIClient) async throws(ClientError) -> [(forwarder: String, selection: Selection)] {
        if let forwarder { return [(forwarder, all ? .all : .ids(id))] }
        var ids: [(forwarder: String, ids: [String])] = []
        for id in id {
            let forwarder = try await client.deadLetter(id).forwarder
            if let place = ids.firstIndex(where: { $0.forwarder == forwarder }) {
                ids[place].ids.append(id)
            } else {
                ids.append((forwarder, [id]))
            }
        }
        return ids.map { ($0.forwarder, .ids($0.ids)) }
    }
}
