extension OpenAPI {
    /// What is sent and answered, as JSON schemas.
    static let schemas = #"""
        {
          "Position": {
              "type": "string",
              "pattern": "^[0-9]+$",
              "description": "A place in the log: strictly rising, never reused."
            },
          "Problem": {
              "type": "object",
              "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "code": {"type": "string"},
                "detail": {"type": "string"},
                "instance": {"type": "string"},
                "parameter": {"type": "string"},
                "line": {"type": "integer", "format": "int64"},
                "column": {"type": "integer", "format": "int64"},
                "offset": {"type": "integer", "format": "int64"},
                "clouds": {"type": "array", "items": {"type": "string"}},
                "findings": {"type": "array", "items": {"type": "string"}}
              },
              "required": ["type", "title", "status", "code", "detail"]
            },
          "CloudEvent": {
              "type": "object",
              "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string"},
                "source": {"type": "string"},
                "type": {"type": "string"},
                "subject": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "position": {"$ref": "#/components/schemas/Position"},
                "recordedtime": {"type": "string", "format": "date-time"},
                "topic": {"type": "string"},
                "data": {}
              },
              "required": ["specversion", "id", "source", "type"],
              "description": "A CloudEvents 1.0 event in the JSON format, with Martlet's attributes."
            },
          "Reception": {
              "type": "object",
              "properties": {
                "accepted": {"type": "integer", "format": "int64"},
                "duplicates": {"type": "integer", "format": "int64"},
                "quarantined": {"type": "integer", "format": "int64"},
                "ignored": {"type": "integer", "format": "int64"},
                "position": {"type": ["string", "null"], "pattern": "^[0-9]+$"},
                "problems": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "index": {"type": "integer", "format": "int64"},
                      "reason": {"type": "string"}
                    },
                    "required": ["index", "reason"]
                  }
                }
              },
              "required": ["accepted", "duplicates", "quarantined", "ignored", "position", "problems"]
            },
          "EventPage": {
              "type": "object",
              "properties": {
                "events": {
                  "type": "array",
                  "items": {
                    "description": "CloudEvents, or the original bytes where those were asked for."
                  }
                },
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"},
                "scanned": {"$ref": "#/components/schemas/Position"},
                "first": {"$ref": "#/components/schemas/Position"},
                "head": {"$ref": "#/components/schemas/Position"},
                "damaged": {
                  "type": "array", "items": {"$ref": "#/components/schemas/Position"},
                  "description": "Events that are damaged and left out; absent where there is none."
                }
              },
              "required": ["events", "next", "scanned", "first", "head"]
            },
          "Timeline": {
              "type": "object",
              "properties": {
                "events": {"type": "array", "items": {}},
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"}
              },
              "required": ["events", "next"]
            },
          "Resource": {
              "type": "object",
              "properties": {
                "type": {"type": "string"},
                "id": {"type": "string"},
                "cloud": {"type": "string"},
                "state": {"type": ["string", "null"]},
                "tenantid": {"type": ["string", "null"]},
                "updated": {"type": ["string", "null"], "format": "date-time"},
                "position": {"$ref": "#/components/schemas/Position"},
                "document": {"type": "object"}
              },
              "required": ["type", "id", "cloud", "position", "document"]
            },
          "ResourceList": {
              "type": "object",
              "properties": {
                "resources": {"type": "array", "items": {"$ref": "#/components/schemas/Resource"}},
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"},
                "indexedthrough": {"$ref": "#/components/schemas/Position"}
              },
              "required": ["resources", "indexedthrough"]
            },
          "Forwarder": {
              "type": "object",
              "properties": {
                "name": {"type": "string"},
                "state": {"enum": ["running", "retrying", "unavailable", "paused", "retired"]},
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
                "committed": {"type": "integer", "format": "int64"},
                "delivered": {"type": "integer", "format": "int64"},
                "filtered": {"type": "integer", "format": "int64"},
                "dead": {"type": "integer", "format": "int64"},
                "skipped": {"type": "integer", "format": "int64"},
                "pending": {"type": "integer", "format": "int64"},
                "parked": {"type": "integer", "format": "int64"},
                "lag_seconds": {"type": "number"},
                "unavailable_since": {"type": ["string", "null"], "format": "date-time"},
                "next_attempt": {"type": ["string", "null"], "format": "date-time"},
                "resynchronisation": {
                  "oneOf": [
                    {"type": "null"},
                    {
                      "type": "object",
                      "properties": {
                        "from": {"$ref": "#/components/schemas/Position"},
                        "through": {"$ref": "#/components/schemas/Position"},
                        "skipped": {"type": "integer", "format": "int64"}
                      },
                      "required": ["from", "through", "skipped"]
                    }
                  ],
                  "description": "The stretch of the log of which only the last event of each resource is sent."
                },
                "last_error": {"type": ["string", "null"]},
                "cursor": {"$ref": "#/components/schemas/Position"}
              },
              "required": [
                "name",
                "state",
                "pause",
                "committed",
                "delivered",
                "filtered",
                "dead",
                "skipped",
                "pending",
                "parked",
                "lag_seconds",
                "unavailable_since",
                "next_attempt",
                "resynchronisation",
                "last_error",
                "cursor"
              ],
              "description": "committed = delivered + filtered + dead + skipped + pending."
            },
          "ForwarderList": {
              "type": "object",
              "properties": {
                "forwarders": {"type": "array", "items": {"$ref": "#/components/schemas/Forwarder"}}
              },
              "required": ["forwarders"]
            },
          "Reload": {
              "type": "object",
              "properties": {
                "sources": {"$ref": "#/components/schemas/ReloadChanges"},
                "forwarders": {"$ref": "#/components/schemas/ReloadChanges"},
                "restart": {
                  "type": "array",
                  "items": {"type": "string"},
                  "description": "Keys that are another, and need a restart."
                },
                "notes": {"type": "array", "items": {"type": "string"}},
                "warnings": {"type": "array", "items": {"type": "string"}},
                "seconds": {"type": "number"}
              },
              "required": ["sources", "forwarders", "restart", "notes", "warnings", "seconds"]
            },
          "ReloadChanges": {
              "type": "object",
              "properties": {
                "added": {"type": "array", "items": {"type": "string"}},
                "changed": {"type": "array", "items": {"type": "string"}},
                "removed": {"type": "array", "items": {"type": "string"}}
              },
              "required": ["added", "changed", "removed"]
            },
          "Forgotten": {
              "type": "object",
              "properties": {"forgotten": {"type": "string"}},
              "required": ["forgotten"]
            },
          "Selection": {
              "oneOf": [
                {
                  "type": "object",
                  "properties": {"ids": {"type": "array", "items": {"type": "string"}}},
                  "required": ["ids"],
                  "additionalProperties": false
                },
                {
                  "type": "object",
                  "properties": {"all": {"const": true}},
                  "required": ["all"],
                  "additionalProperties": false
                }
              ]
            },
          "QuarantineSelection": {
              "oneOf": [
                {
                  "type": "object",
                  "properties": {"ids": {"type": "array", "items": {"type": "string"}}},
                  "required": ["ids"],
                  "additionalProperties": false
                },
                {
                  "type": "object",
                  "properties": {"source": {"type": "string"}},
                  "required": ["source"],
                  "additionalProperties": false
                },
                {
                  "type": "object",
                  "properties": {"all": {"const": true}},
                  "required": ["all"],
                  "additionalProperties": false
                }
              ]
            },
          "Redelivered": {
              "type": "object",
              "properties": {"redelivered": {"type": "integer", "format": "int64"}},
              "required": ["redelivered"]
            },
          "Discarded": {
              "type": "object",
              "properties": {"discarded": {"type": "integer", "format": "int64"}},
              "required": ["discarded"]
            },
          "DeadLetter": {
              "type": "object",
              "properties": {
                "id": {"type": "string"},
                "forwarder": {"type": "string"},
                "position": {"$ref": "#/components/schemas/Position"},
                "reason": {"type": "string"},
                "attempts": {"type": "integer", "format": "int64"},
                "time": {"type": "string", "format": "date-time"},
                "event": {"$ref": "#/components/schemas/CloudEvent"}
              },
              "required": ["id", "forwarder", "position", "reason", "attempts", "time", "event"]
            },
          "DeadLetterList": {
              "type": "object",
              "properties": {
                "deadletters": {"type": "array", "items": {"$ref": "#/components/schemas/DeadLetter"}},
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"}
              },
              "required": ["deadletters", "next"]
            },
          "QuarantinedItem": {
              "type": "object",
              "properties": {
                "id": {"type": "string"},
                "source": {"type": "string"},
                "time": {"type": "string", "format": "date-time"},
                "reason": {"type": "string"},
                "routingkey": {"type": ["string", "null"]},
                "size": {"type": "integer", "format": "int64"},
                "text": {"type": "string"},
                "base64": {"type": "string"}
              },
              "required": ["id", "source", "time", "reason", "size"]
            },
          "QuarantineList": {
              "type": "object",
              "properties": {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/QuarantinedItem"}},
                "next": {"type": ["string", "null"], "pattern": "^[0-9]+$"}
              },
              "required": ["items", "next"]
            },
          "QuarantineRetry": {
              "type": "object",
              "properties": {
                "accepted": {"type": "integer", "format": "int64"},
                "failed": {"type": "integer", "format": "int64"},
                "problems": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {"id": {"type": "string"}, "reason": {"type": "string"}},
                    "required": ["id", "reason"]
                  }
                }
              },
              "required": ["accepted", "failed", "problems"]
            },
          "Health": {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
        }
        """#
}
