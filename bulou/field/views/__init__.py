"""The phone's API and the page its app starts from."""
