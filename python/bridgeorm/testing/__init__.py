"""For tests of applications: counts what is sent to a database."""

from bridgeorm.testing.counting import QueryCount, count_queries

__all__ = ["QueryCount", "count_queries"]
