-- Grant the role what its database's owner has by default since PostgreSQL 15; in that database.
\ir lock.sql
\getenv role OWNER
-- That nothing was granted is only a warning; `use.sql` tells.
SET client_min_messages = error;
GRANT USAGE, CREATE ON SCHEMA public TO :"role";
\echo done
