"""`python -m searcher`."""

from searcher.cli import run

if __name__ == "__main__":
    run()
