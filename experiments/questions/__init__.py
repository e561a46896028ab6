"""One folder a question: its command, its words, its figures."""
