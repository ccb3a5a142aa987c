"""Stand-ins for the Pulumi plugins `kubernetes` and `random`, for machines where the real ones cannot be had.

They are tools, never part of the library. The engine finds them on PATH as the executables in `bin/`.
"""
