import Martlet
import MartletPipeline

/// Moments, durations and waits.
enum TimeTargets {
    static let all = [
        FuzzTarget(name: "timestamp") { bytes in
            if let moment = Timestamp(String(decoding: bytes, as: UTF8.self)) {
                try demand(Timestamp(moment.description) == moment, "\(moment) comes back as another")
                _ = moment.milliseconds
            }
            guard bytes.count == 8 else { return }
            let moment = Timestamp(nanoseconds: Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
            _ = moment.milliseconds
            if let again = Timestamp(moment.description) {
                try demand(again == moment, "\(moment) comes back as another")
            }
        },
        FuzzTarget(name: "duration") { bytes in
            guard let duration = Duration(text: String(decoding: bytes, as: UTF8.self)) else { return }
            try demand(Duration(text: duration.text) == duration, "\(duration) comes back as another")
            _ = Timestamp(seconds: 0) + duration
        },
        FuzzTarget(name: "retry-after") { bytes in
            let now = Timestamp(seconds: 1_769_773_115)
            guard let wait = RetryAfter(String(decoding: bytes, as: UTF8.self), now: now) else { return }
            try demand((.zero ... .seconds(3_600)).contains(wait.duration), "a wait of \(wait.duration)")
        },
    ]
}
