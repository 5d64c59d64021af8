"""Relations between models: declared in class bodies, joined along in queries, loaded on instances."""

from bridgeorm.relations.many import Many, many
from bridgeorm.relations.one import One, one
from bridgeorm.relations.prefetch import Prefetch
from bridgeorm.relations.related import Related

__all__ = ["Many", "One", "Prefetch", "Related", "many", "one"]
