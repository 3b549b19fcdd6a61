extension OpenAPI {
    /// What the status tells, as JSON schemas.
    static let statusSchemas = #"""
        {
          "SourceProblem": {
              "type": "object",
              "properties": {
                "what": {"type": "string"},
                "where": {"type": "string"},
                "remedy": {"type": "string"}
              },
              "required": ["what", "where", "remedy"]
            },
          "Source": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "cloud": {"type": "string"},
                "transport": {"type": ["string", "null"]},
                "format": {"type": ["string", "null"]},
                "state": {"enum": ["starting", "running", "failing"]},
                "since": {"type": "string", "format": "date-time"},
                "place": {"type": ["string", "null"], "description": "Where it reads, without credentials."},
                "problem": {
                  "oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/SourceProblem"}],
                  "description": "What keeps it from taking in."
                },
                "warnings": {"type": "array", "items": {"$ref": "#/components/schemas/SourceProblem"}},
                "backlog": {
                  "type": ["integer", "null"],
                  "format": "int64",
                  "description": "Messages that wait at the origin, as last seen."
                },
                "backlogs": {"type": "object", "additionalProperties": {"type": "integer", "format": "int64"}},
                "lastreceived": {"type": ["string", "null"], "format": "date-time"},
                "reconnections": {"type": "integer", "format": "int64"},
                "gaps": {"type": "integer", "format": "int64"},
                "accepted": {"type": "integer", "format": "int64"},
                "duplicates": {"type": "integer", "format": "int64"},
                "quarantined": {"type": "integer", "format": "int64"},
                "ignored": {"type": "integer", "format": "int64"},
                "refused": {"type": "integer", "format": "int64"},
                "impossibletransitions": {"type": "integer", "format": "int64"},
                "stale": {"type": "integer", "format": "int64"}
              },
              "required": [
                "name",
                "cloud",
                "transport",
                "format",
                "state",
                "since",
                "place",
                "problem",
                "warnings",
                "backlog",
                "backlogs",
                "lastreceived",
                "reconnections",
                "gaps",
                "accepted",
                "duplicates",
                "quarantined",
                "ignored",
                "refused",
                "impossibletransitions",
                "stale"
              ]
            },
          "Status": {
              "type": "object",
              "properties": {
                "version": {"type": "string"},
                "started": {"type": "string", "format": "date-time"},
                "store": {
                  "type": "object",
                  "properties": {
                    "bytes": {"type": "integer", "format": "int64"},
                    "head": {"$ref": "#/components/schemas/Position"},
                    "first": {"$ref": "#/components/schemas/Position"},
                    "oldest": {"type": ["string", "null"], "format": "date-time"}
                  },
                  "required": ["bytes", "head", "first", "oldest"]
                },
                "configuration": {
                  "type": "object",
                  "properties": {
                    "file": {"type": ["string", "null"]},
                    "reload": {
                      "oneOf": [
                        {"type": "null"},
                        {
                          "type": "object",
                          "properties": {
                            "time": {"type": "string", "format": "date-time"},
                            "result": {"enum": ["applied", "refused"]},
                            "reason": {"type": ["string", "null"]}
                          },
                          "required": ["time", "result", "reason"]
                        }
                      ]
                    }
                  },
                  "required": ["file", "reload"]
                },
                "retention": {"$ref": "#/components/schemas/Retention"},
                "sources": {"type": "array", "items": {"$ref": "#/components/schemas/Source"}},
                "enrichers": {"type": "array", "items": {"$ref": "#/components/schemas/Enricher"}},
                "forwarders": {"type": "array", "items": {"$ref": "#/components/schemas/Forwarder"}},
                "replays": {"type": "array", "items": {"$ref": "#/components/schemas/Replay"}},
                "syncs": {"type": "array", "items": {"$ref": "#/components/schemas/Sync"}},
                "quarantined": {"type": "integer", "format": "int64"},
                "deadletters": {"type": "integer", "format": "int64"}
              },
              "required": [
                "version",
                "started",
                "store",
                "configuration",
                "retention",
                "sources",
                "enrichers",
                "forwarders",
                "replays",
                "syncs",
                "quarantined",
                "deadletters"
              ]
            },
          "Retention": {
              "type": "object",
              "properties": {
                "age_seconds": {"type": ["integer", "null"], "format": "int64"},
                "used": {"type": "integer", "format": "int64"},
                "bound": {"type": ["integer", "null"], "format": "int64"},
                "oversize": {"type": "boolean"},
                "removed": {"type": "integer", "format": "int64"},
                "held": {
                  "type": ["object", "null"],
                  "properties": {
                    "forwarder": {"type": "string"},
                    "position": {"$ref": "#/components/schemas/Position"},
                    "recorded": {"type": ["string", "null"], "format": "date-time"},
                    "since": {"type": "string", "format": "date-time"}
                  },
                  "required": ["forwarder", "position", "recorded", "since"]
                },
                "last_error": {"type": ["string", "null"]}
              },
              "required": ["age_seconds", "used", "bound", "oversize", "removed", "held", "last_error"]
            },
          "Enricher": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "cloud": {"type": "string"},
                "state": {"enum": ["running", "failing"]},
                "asked": {"type": "integer", "format": "int64"},
                "found": {"type": "integer", "format": "int64"},
                "unknown": {"type": "integer", "format": "int64"},
                "failed": {"type": "integer", "format": "int64"},
                "waiting": {"type": "integer", "format": "int64"},
                "dropped": {"type": "integer", "format": "int64"},
                "last_error": {"type": ["string", "null"]},
                "warning": {"type": ["string", "null"]}
              },
              "required": [
                "name",
                "cloud",
                "state",
                "asked",
                "found",
                "unknown",
                "failed",
                "waiting",
                "dropped",
                "last_error",
                "warning"
              ]
            }
        }
        """#
}
