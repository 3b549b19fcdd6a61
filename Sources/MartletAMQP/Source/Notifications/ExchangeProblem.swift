import MartletPipeline

/// Why a queue is not bound to a service's exchange, in words for the operator.
enum ExchangeProblem {
    static func missing(_ name: String, at place: String) -> SourceMonitor.Problem {
        SourceMonitor.Problem(
            "there is no exchange \(name): nothing comes from it",
            at: place,
            remedy:
                "check its name and the virtual host; its service makes it with its first notification, and it is looked for again. With durable-exchanges Martlet makes it before"
        )
    }

    static func unreadable(_ name: String, _ queue: String, _ error: AMQPError) -> SourceMonitor.Problem {
        SourceMonitor.Problem(
            "the queue cannot be bound to the exchange \(name): \(error.what)",
            at: error.place,
            remedy: "let the user write the queue \(queue) and read the exchange \(name); it is tried again"
        )
    }

    static func undeclarable(_ name: String, _ error: AMQPError) -> SourceMonitor.Problem {
        SourceMonitor.Problem(
            "there is no exchange \(name), and Martlet may not make it: \(error.what)",
            at: error.place,
            remedy:
                "let the user configure the exchange \(name), as martlet setup openstack prints it, or wait for its service's next notification"
        )
    }
}
