"""Two arms over the whole set of parameters that is not ruled out: the verdict, as a distribution."""
