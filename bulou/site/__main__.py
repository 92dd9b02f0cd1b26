"""`python -m bulou.site` is the `bulou` command where it is not on the path."""

from bulou.site.commands import main

main(prog_name="bulou")
