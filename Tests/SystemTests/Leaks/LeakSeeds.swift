import MartletJSON

/// Events of both clouds with marks in every field that has to be hidden, and in some that have not.
enum LeakSeeds {
    static let machine = "6f1c0f6e-51c2-4f0e-8c40-1f5a8c1f7a01"
    static let server = "a2b1c0d9-51c2-4f0e-8c40-1f5a8c1f7a02"
    static let image = "b3c2d1e0-51c2-4f0e-8c40-1f5a8c1f7a03"
    static let host = "lkadminhostid"
    static let tenant = "lkhidetenant"
    /// The attribute of this name is dropped, the extension attribute of the other one too.
    static let operation = "lkhideoperation"
    static let attribute = "lkhideattribute"

    /// What one must not see, whichever cloud's it is: by key, by path, under a condition, within JSON, within a string.
    private static func traps(_ name: String) -> String {
        #"""
        "dropped":"lkhidedropped\#(name)","masked":"lkhidemasked\#(name)","ruled":"lkhideruled\#(name)",\#
        "custom:owner":"lkhidecustom\#(name)","deep":{"list":[{"dropped":"lkhidedeep\#(name)"}]},\#
        "nested":"{\"dropped\":\"lkhidenested\#(name)\",\"host\":\"lkadminnested\#(name)\",\"password\":\"lkcrednested\#(name)\"}",\#
        "twice":"{\"inner\":\"{\\\"dropped\\\":\\\"lkhidetwice\#(name)\\\"}\"}",\#
        "python":"{'host': 'lkadminpython\#(name)'}","cut":"{\"host\":\"lkadmincut\#(name)\",",\#
        "password":"lkcredpassword\#(name)","address":"https://u:lkcredaddress\#(name)@h/?token=lkcredurl\#(name)",\#
        "plain":"lkseen\#(name)"
        """#
    }

    /// CloudStack's: each with its routing key.
    static let cloudStack: [(topic: String, body: String)] = [
        (
            "management-server.AsyncJobEvent.complete.VirtualMachine.\(machine)",
            """
            {"command":"c","user":"u","account":"\(tenant)","processStatus":"0","resultCode":"0",\
            "instanceUuid":"\(machine)","instanceType":"VirtualMachine","commandEventType":"VM.START","jobId":"\(operation)",\
            "status":"SUCCEEDED","cmdInfo":{"id":"1","sessionkey":"lkcredsession","ctxDetails":"lkadmincontext",\
            "ctxUserId":"lkadminuser"},"jobResult":{"id":"\(machine)","name":"lkseenname","state":"Running",\
            "hostid":"\(host)","hostname":"lkadminhostname","instancename":"lkadmininstance","secretkey":"lkcredsecretkey",\
            "nic":[{"id":"n1","ipaddress":"lkhidemaskedaddress","broadcasturi":"lkadminbroadcast"}],\(traps("vm"))}}
            """
        ),
        (
            "management-server.ResourceStateEvent.OperationSucceeded.VirtualMachine.\(machine)",
            """
            {"resource":"VirtualMachine","id":"\(machine)","old-state":"Running","new-state":"Stopped",\
            "status":"postStateTransitionEvent","eventDateTime":"2026-03-05 14:20:31 +0530","host":"lkadminstate",\(traps("state"))}
            """
        ),
    ]

    /// The host, whose name is joined to the machine's document: sent by itself, since its own event names it.
    static let hostEvent = (
        topic: "management-server.AsyncJobEvent.complete.Host.\(host)",
        body: """
        {"command":"c","instanceUuid":"\(host)","instanceType":"Host","commandEventType":"HOST.RECONNECT","jobId":"j2",\
        "status":"SUCCEEDED","processStatus":"0","resultCode":"0","jobResult":{"id":"\(host)","name":"lkjoinhost"}}
        """
    )

    /// OpenStack's notifications.
    static let openStack: [String] = [
        """
        {"message_id":"m1","publisher_id":"nova-compute:lkadminpublisher","event_type":"compute.instance.create.end",\
        "priority":"INFO","timestamp":"2026-11-20 23:48:54.460580","_context_auth_token":"lkcredtoken",\
        "_context_service_catalog":[{"url":"lkcredcatalog"}],"_context_request_id":"\(operation)2",\
        "_context_project_id":"\(tenant)2","payload":{"instance_id":"\(server)","display_name":"lkseenserver","state":"active",\
        "tenant_id":"\(tenant)2","host":"lkadmincompute","node":"lkadminnode","OS-EXT-SRV-ATTR:root_device":"lkadminextension",\
        "user_data":"lkcreduserdata","image_meta":{"base_image_ref":"i","x_secret":"lkhidepropertyvm","x_open":"lkseenpropertyvm"},\
        "metadata":{\(traps("server"))}}}
        """,
        """
        {"message_id":"m2","publisher_id":"image.lkadminglance","event_type":"image.update","priority":"INFO",\
        "timestamp":"2026-11-20 23:48:55.460580","_context_project_id":"\(tenant)3","payload":{"id":"\(image)","name":"lkseenimage",\
        "status":"active","owner":"\(tenant)3","properties":{"x_secret":"lkhideproperty","x_open":"lkseenproperty",\
        "other":"lkhideunmatched"},\(traps("image"))}}
        """,
    ]

    /// A CloudEvent with attributes of its own, and one that is no JSON.
    static let cloudEvents: [String] = [
        """
        {"specversion":"1.0","id":"c1","source":"/t","type":"org.example.leak","subject":"VirtualMachine/lkseence",\
        "tenantid":"\(tenant)4","operationid":"\(operation)4","secretmark":"\(attribute)","data":{\(traps("ce"))}}
        """,
        """
        {"specversion":"1.0","id":"c2","source":"/t","type":"org.example.text","subject":"VirtualMachine/lkseence",\
        "datacontenttype":"text/plain","data":"host=lkhidetext"}
        """,
    ]

    /// What no format can read, with a credential in it.
    static let unreadable = #"{"no":"event","password":"lkcredquarantined","text":"apikey=lkcredquarantinedtext"}"#

    /// Takes all of it in.
    static func publish(to server: Server) async throws {
        for (topic, body) in [hostEvent] + cloudStack {
            let answer = try await server.post(
                "/v1/sources/prod",
                body,
                headers: [(name: "X-Martlet-Topic", value: topic)]
            )
            guard answer.status == 202 else { throw ServerError("\(topic): \(answer.text)") }
        }
        for body in openStack {
            let answer = try await server.post("/v1/sources/osp", body)
            guard answer.status == 202 else { throw ServerError(answer.text) }
        }
        for body in cloudEvents {
            let answer = try await server.post("/v1/events", body)
            guard answer.status == 202 else { throw ServerError(answer.text) }
        }
        _ = try await server.post("/v1/sources/osp", unreadable)
    }
}
