"""What tools/new_database and tools/new_storage_type lay out is held to the house's rules, and builds."""
