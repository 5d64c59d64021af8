"""BridgeORM."""
