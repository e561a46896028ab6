"""`python -m sim.odd` rewrites the tables of sim/ODD.md from the code."""

from sim.odd.document import main

if __name__ == "__main__":
    main()
