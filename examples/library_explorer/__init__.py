"""An example application: the Python standard library as a database, and questions about it."""
