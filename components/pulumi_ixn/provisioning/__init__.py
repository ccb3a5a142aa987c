"""How databases are created: by a Job on an existing PostgreSQL server, or by CloudNativePG in its Clusters."""
