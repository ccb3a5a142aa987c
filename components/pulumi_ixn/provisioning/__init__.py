"""Provisioning: what a Job needs to create a tenant's database on an existing PostgreSQL server."""
