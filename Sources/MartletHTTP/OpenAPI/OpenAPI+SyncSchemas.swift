extension OpenAPI {
    /// What is sent and answered about syncs, as JSON schemas.
    static let syncSchemas = #"""
        {
          "SyncRequest": {
              "type": "object",
              "properties": {
                "kind": {"type": "string", "description": "The kind of the enricher that is asked: `openstack` or `cloudstack`."},
                "cloud": {"type": "string", "description": "Needed where there are several of the kind."},
                "types": {
                  "type": "array",
                  "items": {"type": "string"},
                  "description": "The types of resources to be read, as `VirtualMachine`; all where nothing is said."
                },
                "dryrun": {"type": "boolean", "default": false, "description": "Only tell what differs."},
                "rate": {
                  "type": "integer",
                  "minimum": 0,
                  "default": 100,
                  "description": "Events a second; 0 for no limit."
                },
                "acceptdeletions": {
                  "type": "boolean",
                  "default": false,
                  "description": "Take resources for deleted though more than half of their type are missing."
                }
              },
              "required": ["kind"],
              "additionalProperties": false
            },
          "SyncCounts": {
              "type": "object",
              "properties": {
                "read": {"type": "integer", "format": "int64", "description": "Listed by the cloud."},
                "unchanged": {"type": "integer", "format": "int64"},
                "changed": {"type": "integer", "format": "int64"},
                "new": {"type": "integer", "format": "int64"},
                "gone": {"type": "integer", "format": "int64", "description": "The cloud has them no more."},
                "newer": {
                  "type": "integer",
                  "format": "int64",
                  "description": "Skipped, because an event has said something newer."
                },
                "unconfirmed": {
                  "type": "integer",
                  "format": "int64",
                  "description": "Missing, without the cloud having confirmed that they are gone."
                }
              },
              "required": ["read", "unchanged", "changed", "new", "gone", "newer", "unconfirmed"]
            },
          "SyncType": {
              "allOf": [
                {"$ref": "#/components/schemas/SyncCounts"},
                {
                  "type": "object",
                  "properties": {
                    "type": {"type": "string"},
                    "state": {
                      "enum": ["waiting", "reading", "listed", "complete", "refused", "failed", "doubtful"],
                      "description": "`doubtful`: so many are missing that none was taken for deleted."
                    },
                    "first": {
                      "type": "boolean",
                      "description": "It has never been read completely before: no events are made."
                    },
                    "reason": {"type": ["string", "null"], "description": "Why it is not complete, and the remedy."}
                  },
                  "required": ["type", "state", "first", "reason"]
                }
              ]
            },
          "SyncDifference": {
              "type": "object",
              "properties": {
                "type": {"type": "string"},
                "id": {"type": "string"},
                "name": {"type": ["string", "null"]},
                "found": {"enum": ["created", "changed", "deleted"]},
                "changes": {
                  "type": "object",
                  "description": "By field, `from` and `to`; under `relations` by kind, with the ids."
                }
              },
              "required": ["type", "id", "name", "found", "changes"]
            },
          "Sync": {
              "allOf": [
                {"$ref": "#/components/schemas/SyncCounts"},
                {
                  "type": "object",
                  "properties": {
                    "id": {"type": "string"},
                    "kind": {"type": "string"},
                    "cloud": {"type": "string"},
                    "state": {"enum": ["running", "finished", "stopped", "failed"]},
                    "phase": {
                      "enum": ["listing", "missing"],
                      "description": "`missing`: it looks for what the index has and the cloud has not."
                    },
                    "current": {"type": ["string", "null"], "description": "The type that is being read."},
                    "dryrun": {"type": "boolean"},
                    "rate": {"type": "integer"},
                    "created": {"type": "string", "format": "date-time"},
                    "ended": {"type": ["string", "null"], "format": "date-time"},
                    "reason": {"type": ["string", "null"], "description": "Why it was stopped or failed."},
                    "events": {"type": "integer", "format": "int64", "description": "Events committed."},
                    "types": {"type": "array", "items": {"$ref": "#/components/schemas/SyncType"}},
                    "differences": {
                      "type": "array",
                      "items": {"$ref": "#/components/schemas/SyncDifference"},
                      "description": "The first hundred."
                    }
                  },
                  "required": [
                    "id",
                    "kind",
                    "cloud",
                    "state",
                    "phase",
                    "current",
                    "dryrun",
                    "rate",
                    "created",
                    "ended",
                    "reason",
                    "events",
                    "types",
                    "differences"
                  ]
                }
              ]
            },
          "SyncList": {
              "type": "object",
              "properties": {"syncs": {"type": "array", "items": {"$ref": "#/components/schemas/Sync"}}},
              "required": ["syncs"]
            }
        }
        """#
}
