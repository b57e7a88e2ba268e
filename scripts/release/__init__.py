"""`make release-check`: the packages as they would be shipped, tried from outside the source."""
