"""The schema and the project: what exists in the CRM, and how the account is set up."""

from .codes_of_the_world import minor_digits
from .read_project import read_project
from .read_schema import read_schema
from .standard import standard_schema

__all__ = ["minor_digits", "read_project", "read_schema", "standard_schema"]
