"""The format of an episode: what it may say, how it is read, and what is told where it is wrong."""
