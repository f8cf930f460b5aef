"""Claims of the literature, tested on an organization's own figures, with the words that may be said."""
