"""The schema and the project: what exists in the CRM, and how the account is set up."""

from .standard import standard_schema

__all__ = ["standard_schema"]
