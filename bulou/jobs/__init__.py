"""Work asked for on a page and done beside it, in a process of its own, until it is done or somebody is told why not."""
