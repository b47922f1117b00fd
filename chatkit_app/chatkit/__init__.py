"""The ChatKit server framework: wire types, widgets, the store contract, the server and the agents bridge.

Nothing is re-exported here: names live in the submodules `server`, `store`, `types`, `agents`, `widgets`,
`actions`, `errors`, `icons`, `logger` and `version`.
"""
