"""Lists of records and the search: whoever is found is opened."""
