"""Django's SQLite, with another way of waiting for the one writer it allows (`base.py`)."""
