"""``python -m reportkit``."""

from reportkit.cli import main

if __name__ == "__main__":
    main()
