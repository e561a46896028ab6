"""`python -m experiments` is the same as the `samspel` command."""

from experiments.cli import main

if __name__ == "__main__":
    main()
