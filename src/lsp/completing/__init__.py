"""What could be written next: by the grammar's own tables where the text stops, and by what has a name there."""

from .complete import complete
from .items import Item

__all__ = ["Item", "complete"]
