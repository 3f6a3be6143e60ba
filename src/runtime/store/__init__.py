"""The CRM store: tables made from the schema, the engine's own tables, migration, import."""
