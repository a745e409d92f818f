"""`python -m leadloop` is the command line."""

from leadloop.loop.cli.main import main

if __name__ == "__main__":
    main()
