"""What is kept of a person: downloaded, deleted, kept no longer than the school wants, and looked at on the record."""
