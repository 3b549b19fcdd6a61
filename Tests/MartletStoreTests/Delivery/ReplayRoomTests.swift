import Martlet
import MartletPipeline
import MartletTesting
import Testing

@testable import MartletStore

/// A store whose every call waits for a disk: between the look for room and the replay that takes it there is time.
@Suite struct ReplayRoomTests {
    @Test func `no more replays run than may, however many are asked for at once`() async throws {
        try await withStore { store in
            try await StoreProbe(store).commit([StoreProbe.event("1")])
            let definitions = ModelReplayDefinitions([:], to: [:])
            let replays = Replays(store: store, definitions: definitions, time: ManualTime())
            let draft = ReplayDraft(
                definition: ModelReplayDefinitions.definition(to: 1),
                forwarder: nil,
                sink: "test",
                range: Position(rawValue: 1)...Position(rawValue: 1),
                rate: nil,
                note: nil,
                created: StoreProbe.start
            )
            let made = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { (try? await replays.create(draft)) != nil } }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == Replays.maximumRunning)
            let running = try await store.replays().count { $0.state == .running }
            #expect(running == Replays.maximumRunning)
        }
    }
}
