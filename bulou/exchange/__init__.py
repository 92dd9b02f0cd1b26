"""In and out: tables from the files people really have, and files that open where people really are."""
