"""Text that databases are sent, read by their own grammars where the databases themselves cannot be had."""
