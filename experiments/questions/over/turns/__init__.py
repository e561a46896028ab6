"""What would change the verdict: the gain over the set at other values of what is most uncertain or most disputed."""
