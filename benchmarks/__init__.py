"""Measures BridgeORM beside the libraries people use; results are compared before any time counts."""
