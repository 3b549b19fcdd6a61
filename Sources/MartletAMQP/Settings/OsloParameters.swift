/// The parameters of oslo.messaging's RabbitMQ driver, all of which may stand in a `transport_url`.
enum OsloParameters {
    /// Those that say nothing to one who only receives notifications; as of oslo.messaging 18.3.
    static let withoutMeaning: Set<String> = [
        "conn_pool_min_size", "conn_pool_ttl", "direct_mandatory_flag", "enable_cancel_on_failover",
        "heartbeat_in_pthread",
        "heartbeat_rate", "hostname", "kombu_compression", "kombu_failover_strategy",
        "kombu_missing_consumer_retry_timeout", "kombu_reconnect_delay", "kombu_reconnect_splay", "processname",
        "rabbit_ha_queues", "rabbit_interval_max", "rabbit_qos_prefetch_count", "rabbit_quorum_delivery_limit",
        "rabbit_quorum_max_memory_bytes", "rabbit_quorum_max_memory_length", "rabbit_retry_backoff",
        "rabbit_retry_interval", "rabbit_stream_fanout", "rabbit_transient_queues_ttl", "rabbit_transient_quorum_queue",
        "rpc_conn_pool_size", "ssl_enforce_fips_mode", "ssl_enforce_hostname_verification", "ssl_version",
        "use_queue_manager",
    ]
}
