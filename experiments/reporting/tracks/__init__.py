"""What was observed beside what runs say: the table of observed series, bands of runs, and how well they hold it."""
