"""`test` declarations: names resolved, values typed, rows unrolled."""

from .declaration import check_test

__all__ = ["check_test"]
