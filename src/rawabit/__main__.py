"""``python -m rawabit``: what the launcher runs."""

import sys

from rawabit.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
