extension OpenAPI {
    /// What is told of the kinds of sources, sinks and enrichers, as JSON schemas.
    static let componentSchemas = #"""
        {
          "Component": {
              "type": "object",
              "properties": {
                "kind": {"enum": ["source", "sink", "enricher", "format"]},
                "name": {"type": "string"},
                "summary": {"type": "string"},
                "fields": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "name": {"type": "string"},
                      "type": {"type": "string"},
                      "required": {"type": "boolean"},
                      "default": {"type": ["string", "null"]},
                      "summary": {"type": "string"}
                    },
                    "required": ["name", "type", "required", "default", "summary"]
                  }
                },
                "example": {"type": "string"}
              },
              "required": ["kind", "name", "summary", "fields", "example"]
            },
          "ComponentList": {
              "type": "object",
              "properties": {
                "components": {"type": "array", "items": {"$ref": "#/components/schemas/Component"}}
              },
              "required": ["components"]
            }
        }
        """#
}
