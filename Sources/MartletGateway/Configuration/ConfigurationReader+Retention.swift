import MartletPipeline
import Yams

extension ConfigurationReader {
    /// `retain`: an age, `forever`, or a mapping with `age` and `size`. What is not said stays at its default.
    func retention(_ node: Node, path: String) -> RetentionPolicy {
        var policy = RetentionPolicy.standard
        guard node.mapping != nil else {
            guard let text = string(node, path: path) else { return policy }
            if text == "forever" { return .forever }
            policy.age = age(node, path: path) ?? policy.age
            return policy
        }
        for (key, _, value) in mapping(node, path: path, known: ["age", "size"]) {
            let path = path.appending(key: key)
            if string(value, path: path) == "forever" {
                if key == "age" { policy.age = nil } else { policy.size = nil }
            } else if key == "age" {
                policy.age = age(value, path: path) ?? policy.age
            } else {
                policy.size = size(value, path: path) ?? policy.size
            }
        }
        return policy
    }

    /// A minute at least: less is a slip of the pen that would empty the log. What is longer than a hundred years is forever.
    private func age(_ node: Node, path: String) -> Duration? {
        guard let age = duration(node, path: path) else { return nil }
        guard age >= .seconds(60), age <= .seconds(100 * 366 * 86_400) else {
            report("should be from a minute to a hundred years, such as 12h or 30d, or forever", at: node, path: path)
            return nil
        }
        return age
    }

    /// A share of the disk such as `80%`, or a number of bytes.
    private func size(_ node: Node, path: String) -> RetentionPolicy.Size? {
        guard let text = string(node, path: path) else { return nil }
        if text.hasSuffix("%"), let share = Double(text.dropLast()), (1...99).contains(share) {
            return .share(share / 100)
        }
        guard let bytes = ByteCount.read(text), bytes >= 1 << 20 else {
            report(
                "is “\(text)”, and should be a share of the disk from 1% to 99%, a size such as 200GiB, or forever",
                at: node,
                path: path
            )
            return nil
        }
        return .bytes(Int64(bytes))
    }
}
