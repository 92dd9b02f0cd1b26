"""A kind's form in a browser: what was typed becomes a body, and a body becomes fields on a page."""
