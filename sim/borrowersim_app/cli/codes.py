"""Exit codes of the commands, as README.md promises them."""

PASSED = 0
FAILED = 1
"""A gate failed, or what was looked for was found: a breach, a worse run, an example that comes out otherwise."""
USAGE = 2
"""The call or a file is wrong."""
INCONCLUSIVE = 3
INFRASTRUCTURE = 4
"""Nothing but technical failures."""
INTERRUPTED = 130
"""By Ctrl-C, as shells say it."""
