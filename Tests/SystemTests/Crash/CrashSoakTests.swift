import MartletTesting
import Testing

/// Promises 1, 3, 4, 5, 6 and 8 of the real binary, killed again and again under load.
@Suite struct CrashSoakTests {
    private static let livesOfAnEpisode = 20

    @Test func `however often the server is killed, nothing is lost, stored twice, swapped or uncounted`() async throws
    {
        var episode: CrashEpisode?
        var lives = 0
        var events = 0
        var slowest = Duration.zero
        try await Soak("crash", rounds: Self.livesOfAnEpisode).run { round in
            var random = round.generator
            let current: CrashEpisode
            if let episode { current = episode } else { current = try await CrashEpisode(name: "e\(round.seed)") }
            episode = current
            slowest = max(slowest, try await current.live(&random))
            lives += 1
            if lives % Self.livesOfAnEpisode == 0 {
                events += try await current.finish()
                episode = nil
            }
        }
        // Where the time was over in the middle of one.
        if let episode { events += try await episode.finish() }
        print("crash: \(lives) lives, \(events) events, the slowest start took \(slowest)")
    }
}
