import Hummingbird

/// `/metrics`, for Prometheus.
struct MetricsRoute {
    let metrics: Metrics

    func add(to router: some RouterMethods<APIContext>) {
        router.on(.metrics) { [metrics] _, _ in
            let text = try await metrics.text()
            return Response(
                status: .ok,
                headers: [.contentType: PrometheusText.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text))
            )
        }
    }
}
