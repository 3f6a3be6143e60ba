"""What is wrong with records, and its fixes (P15)."""
