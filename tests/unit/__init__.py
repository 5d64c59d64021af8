"""Parts of the Python face that need no database."""
