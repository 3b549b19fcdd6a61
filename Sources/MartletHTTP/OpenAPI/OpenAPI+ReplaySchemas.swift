extension OpenAPI {
    /// What is sent and answered about replays, as JSON schemas.
    static let replaySchemas = #"""
        {
          "ReplayRequest": {
              "type": "object",
              "properties": {
                "forwarder": {
                  "type": "string",
                  "description": "To whose destination, by what is configured for it at the moment."
                },
                "sink": {
                  "description": "Instead of `forwarder`: a sink of its own, its kind and its settings, or YAML of these.",
                  "oneOf": [{"type": "object"}, {"type": "string"}]
                },
                "from": {
                  "description": "The first event: its position, a time of commit (RFC 3339, or back from now: `1h`), or `earliest`.",
                  "oneOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]
                },
                "to": {
                  "description": "The last event: its position, the time before which it was committed, or `now`, the default.",
                  "oneOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]
                },
                "match": {
                  "description": "Which events, as a forwarder's `match`; those that the forwarder wants where nothing is said."
                },
                "clouds": {"type": "array", "items": {"type": "string"}},
                "rate": {
                  "type": "integer",
                  "minimum": 0,
                  "default": 100,
                  "description": "Events a second; 0 for as fast as the destination takes them."
                },
                "note": {"type": "string", "description": "For people."},
                "body": {"enum": ["original", "event", "enriched"], "description": "With `sink` only, as the next three."},
                "protect": {"type": "object"},
                "order": {"enum": ["resource", "none", "strict"]},
                "retry": {"type": "object"}
              },
              "required": ["from"],
              "additionalProperties": false
            },
          "ReplayCountRequest": {
              "description": "What is sent to make a replay, and `after`: how far the answer before has counted.",
              "type": "object",
              "properties": {"after": {"$ref": "#/components/schemas/Position"}}
            },
          "ReplayCount": {
              "type": "object",
              "properties": {
                "from": {"$ref": "#/components/schemas/Position"},
                "to": {"$ref": "#/components/schemas/Position"},
                "scanned": {
                  "$ref": "#/components/schemas/Position",
                  "description": "How far it has been counted: to be sent as `after`, with `to` as it is here, until it is `to`."
                },
                "matched": {"type": "integer", "format": "int64"},
                "filtered": {"type": "integer", "format": "int64"},
                "removed": {"type": "integer", "format": "int64", "description": "No longer in the log."}
              },
              "required": ["from", "to", "scanned", "matched", "filtered", "removed"]
            },
          "Replay": {
              "type": "object",
              "properties": {
                "id": {"type": "string"},
                "state": {"enum": ["running", "retrying", "unavailable", "paused", "finished", "cancelled"]},
                "forwarder": {"type": ["string", "null"]},
                "sink": {"type": "string", "description": "The kind of the sink."},
                "definition": {"type": "object", "description": "As it was asked for, without secrets."},
                "from": {"$ref": "#/components/schemas/Position"},
                "to": {"$ref": "#/components/schemas/Position"},
                "cursor": {"$ref": "#/components/schemas/Position"},
                "rate": {"type": "integer"},
                "note": {"type": ["string", "null"]},
                "created": {"type": "string", "format": "date-time"},
                "ended": {"type": ["string", "null"], "format": "date-time"},
                "total": {"type": "integer", "format": "int64"},
                "scanned": {"type": "integer", "format": "int64", "description": "Events that have been looked at."},
                "matched": {"type": "integer", "format": "int64", "description": "Those of them that are to be delivered."},
                "delivered": {"type": "integer", "format": "int64"},
                "filtered": {"type": "integer", "format": "int64"},
                "failed": {"type": "integer", "format": "int64"},
                "skipped": {"type": "integer", "format": "int64"},
                "pending": {"type": "integer", "format": "int64"},
                "parked": {"type": "integer", "format": "int64"},
                "pause": {
                  "oneOf": [
                    {"type": "null"},
                    {
                      "type": "object",
                      "properties": {
                        "cause": {"enum": ["requested", "gone", "unavailable", "strict"]},
                        "reason": {"type": "string"}
                      },
                      "required": ["cause", "reason"]
                    }
                  ]
                },
                "last_error": {"type": ["string", "null"]}
              },
              "required": [
                "id",
                "state",
                "forwarder",
                "sink",
                "definition",
                "from",
                "to",
                "cursor",
                "rate",
                "note",
                "created",
                "ended",
                "total",
                "scanned",
                "matched",
                "delivered",
                "filtered",
                "failed",
                "skipped",
                "pending",
                "parked",
                "pause",
                "last_error"
              ],
              "description": "total = delivered + filtered + failed + skipped + pending."
            },
          "ReplayList": {
              "type": "object",
              "properties": {"replays": {"type": "array", "items": {"$ref": "#/components/schemas/Replay"}}},
              "required": ["replays"]
            },
          "ReplayFailure": {
              "type": "object",
              "properties": {
                "id": {"type": "string"},
                "position": {"$ref": "#/components/schemas/Position"},
                "reason": {"type": "string"},
                "attempts": {"type": "integer", "format": "int64"},
                "time": {"type": "string", "format": "date-time"},
                "event": {"$ref": "#/components/schemas/CloudEvent"}
              },
              "required": ["id", "position", "reason", "attempts", "time", "event"]
            },
          "ReplayFailureList": {
              "type": "object",
              "properties": {
                "failures": {"type": "array", "items": {"$ref": "#/components/schemas/ReplayFailure"}},
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"}
              },
              "required": ["failures", "next"]
            }
        }
        """#
}
