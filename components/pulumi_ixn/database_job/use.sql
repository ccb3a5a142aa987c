-- Print `done` if the login, as which it runs, can use the database as its role: it can create a table.
\getenv role OWNER
SET client_min_messages = warning;
SELECT
    current_user <> :'role' AS acts_as_another,
    has_schema_privilege('public', 'USAGE') AND has_schema_privilege('public', 'CREATE') AS may_create
\gset
\if :acts_as_another
    \echo it acts as another role
\elif :may_create
    BEGIN;
    CREATE TABLE public."ixn-pulumi" ();
    ROLLBACK;
    \echo done
\else
    \echo no rights on the schema
\endif
