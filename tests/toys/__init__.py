"""What the lower rooms are tested with: worlds that know no disease."""
