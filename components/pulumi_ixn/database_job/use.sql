-- Print `done` if the role, as which it runs, can use its database: it can create a table.
SET client_min_messages = warning;
SELECT has_schema_privilege('public', 'USAGE') AND has_schema_privilege('public', 'CREATE') AS may_create \gset
\if :may_create
    BEGIN;
    CREATE TABLE public."ixn-pulumi" ();
    ROLLBACK;
    \echo done
\else
    \echo no rights on the schema
\endif
