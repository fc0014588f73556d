"""Commands that need Django. Each takes its arguments and returns the exit code."""
